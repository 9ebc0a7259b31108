x=$(a | b "$(c 'd)')" `e \`f\`` # g)
) && y=$((1 << 2)) || z=${1:-$(h)}
diff <(i) >(j) |& k & case $l in m) n;; *) (o;p);; esac
f() { $(q); }
