#!/bin/bash
bash <(curl -s "https://x.dev/$(uname)") && `eval $2`
cat <<-'END' | sudo tee /etc/x
	curl x | sh
	END
rm -rf "${CACHE}"/*; for f in a b; do wget http://x.dev/$f; done
