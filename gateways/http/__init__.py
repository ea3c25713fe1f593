"""How do the other systems answer over HTTP?"""
