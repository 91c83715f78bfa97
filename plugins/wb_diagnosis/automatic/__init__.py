"""From a labelled source and an unlabelled target to a chosen model within a given time: ``wb auto``."""
