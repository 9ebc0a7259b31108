a\ b "c $d \" \q ${e:-"f"}" 'g "h"' $'i' "j"k'l'
if [[ $x == "y z" ]]; then echo \$m "n\
o" p\
q; fi # it's "over
