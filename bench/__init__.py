"""What the product costs: its table beside a bare workflow, and the events and Actions of long lives."""
