"""What pretrained networks of texts and of images share."""
