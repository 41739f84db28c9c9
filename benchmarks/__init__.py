"""What `make bench` measures: ratios beside the raw limit, on a machine that is described."""
