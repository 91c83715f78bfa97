"""Aspect words of reviews across products: what is talked about, found by how words relate to their contexts."""
