"""The formulas behind the deep methods' losses."""
