"""The rim: command line, page and adapters. They call the Assistant and hold no logic of their own."""
