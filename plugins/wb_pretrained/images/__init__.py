"""Image networks with pretrained weights."""
