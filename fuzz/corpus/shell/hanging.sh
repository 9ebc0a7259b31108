ok
x="é $(a `b ${c <<D
