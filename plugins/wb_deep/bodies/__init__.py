"""The networks that deep methods train, and what stands between them and the examples."""
