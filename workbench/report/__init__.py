"""What people see of a run: terminal tables and self-contained HTML."""
