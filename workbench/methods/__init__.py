"""The contracts of methods and models, and the base of all methods on feature vectors."""
