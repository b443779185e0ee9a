"""Finds places, times, choices and ways to make contact in what a resident wrote."""
