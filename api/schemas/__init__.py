"""What does the API show: one schema per thing, money in whole cents, dates ISO?"""
