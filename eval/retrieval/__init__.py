"""Retrieval on data sets with judged passages: runs, measures, significance, failures and reports. Knows nothing of any set."""
