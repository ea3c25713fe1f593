"""Bytes from the outside into typed values, and back: what does a payment file say, and may it be believed?"""
