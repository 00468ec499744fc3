"""What coordinators may see while it is blind: off until a project turns it on, and every look is recorded."""
