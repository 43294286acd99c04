"""One script a peer. They run in the peers' environments: nothing but the standard library, numpy and the peer may be imported."""
