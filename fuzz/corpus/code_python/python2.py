import pickle
print "a %s" % b
exec code in scope
try:
    x = pickle.load(f)
except IOError, e:
    raise ValueError, "x"
if a <> b: print `a`
