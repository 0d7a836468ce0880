"""Two to five cities, clusters or projects side by side, where what is said of them is like with like."""
