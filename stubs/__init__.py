"""Where do the fakes of `gateways` run behind real HTTP, with faults on demand?"""
