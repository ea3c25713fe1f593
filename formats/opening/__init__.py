"""What does an opening folder say: the cases, facts and money that another record hands over to this one?"""
