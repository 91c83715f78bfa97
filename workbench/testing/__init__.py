"""The conformance kit, for our plugins and for everybody's."""
