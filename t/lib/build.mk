# How things are built: included by the Makefile, which says what.

PACKAGES := gcc make libc6-dev nginx nginx-dev libsqlite3-dev libcjson-dev \
            libpcre2-dev libssl-dev zlib1g-dev
PACKAGES_TEST := perl curl clang php-cgi chromium nodejs npm ca-certificates

# conf_flags holds what Debian's nginx was configured with
CONF_FLAGS := . $(NGINX_SRC)/conf_flags; set -- "$${NGX_CONF_FLAGS[@]}"


# module: nginx's own build system, in a private copy of its tree

$(TREE)/nginx/configure: | deps
	mkdir -p $(TREE)
	rm -rf $(TREE)/nginx
	cp -rL $(NGINX_SRC) $(TREE)/nginx

# the list of files is made by `config`: configure again when it changes
$(TREE)/files: FORCE
	@mkdir -p $(TREE)
	@echo '$(CFLAGS_BUILD) $(sort $(SOURCES))' | cmp -s - $@ || \
	    echo '$(CFLAGS_BUILD) $(sort $(SOURCES))' > $@

$(TREE)/nginx/objs/Makefile: config $(TREE)/nginx/configure $(TREE)/files
	cd $(TREE)/nginx && bash -c '\
	    set --; [ ! -f ./conf_flags ] || { . ./conf_flags; \
	        set -- "$${NGX_CONF_FLAGS[@]}"; }; \
	    [ "$$#" != 0 ] || set -- --with-compat --with-threads \
	        --with-http_ssl_module --with-http_v2_module; \
	    sh ./configure "$$@" --with-cc="$(CC)" \
	        --with-cc-opt="$(CFLAGS_BUILD)" \
	        --with-ld-opt="$(LDFLAGS_$(BUILD))" \
	        --add-dynamic-module=$(ROOT)' > $(TREE)/configure.log 2>&1 \
	    || { tail -20 $(TREE)/configure.log; exit 1; }

$(MODULE): $(TREE)/nginx/objs/Makefile $(SOURCES)
	$(MAKE) --no-print-directory -C $(TREE)/nginx -j2 -f objs/Makefile modules \
	    > $(TREE)/make.log 2>&1 || { grep -A4 -E ': (fatal )?(error|warning):' \
	    $(TREE)/make.log | head -60; exit 1; }
	cp -f $(TREE)/nginx/objs/ngx_social_module.so $@.new
	mv -f $@.new $@

FORCE:


# unit tests: the core and the store alone, always under the sanitizers

UNIT_CFLAGS := -std=gnu11 -D_GNU_SOURCE -g -O1 $(WARN) -fsanitize=address,undefined \
               -fno-omit-frame-pointer $(INCLUDES)

$(OUT)/unit/obj/%.o: src/%.c $(HEADERS) | deps
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) -c $< -o $@

$(OUT)/unit/%: t/unit/%.c $(CORE_OBJS) t/unit/unit.h
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) $< $(CORE_OBJS) $(LIBS) -o $@

unit: $(UNITS)
	prove -e '' $(UNITS)


# packages: only what is missing, only when something is

deps:
	@t/lib/deps.sh $(PACKAGES)

deps-test: deps
	@t/lib/deps.sh $(PACKAGES_TEST)
