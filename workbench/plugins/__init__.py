"""The door: hooks, what is registered, and how plugins are found, loaded and isolated."""
