"""Benchmarks: figures for the README, measured on real databases; none of them is a test."""
