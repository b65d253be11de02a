"""Which estimator runs on which rows, and the one table of results that it fills."""
