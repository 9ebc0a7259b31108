cat <<'ONE' - <<-TWO > out 2>&1 &>> log
it's ( not $(closed
ONE
	`more`
	TWO
sh <<< "word" >(tee a) 3<&0 4>&-
x=$(cat <<END
) "
END
)
