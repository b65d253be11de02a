"""The questions a regulator asks of the whole trial, one file each, answered from ADaM data."""
