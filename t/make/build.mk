# The rules of the Makefile, which sets the variables and includes this.

PACKAGES := gcc make libc6-dev nginx nginx-dev libsqlite3-dev \
            $(if $(filter no,$(POSTGRES)),,libpq-dev) libcjson-dev \
            libmd4c-dev libpcre2-dev libssl-dev zlib1g-dev libexpat1-dev \
            openssl util-linux
PACKAGES_NODE := nodejs:node npm:npm ca-certificates
PACKAGES_NODES := postgresql:pg_ctlcluster util-linux openssl
PACKAGES_XML := libxml2-utils:xmllint
PACKAGES_TEST := perl curl sqlite3 postgresql:pg_ctlcluster php-cgi \
            libfaketime chromium:chromium \
            libnginx-mod-http-image-filter libnginx-mod-http-xslt-filter valgrind \
            $(PACKAGES_NODE) nghttp2-client:h2load libgumbo-dev \
            $(PACKAGES_XML) man-db:man
PACKAGES_CORPORA := hugo jekyll pelican python3-markdown
PACKAGES_FUZZ := clang libclang-rt-dev libgumbo-dev
PACKAGES_LINT := clang clang-format clang-tidy cppcheck shellcheck perl git \
            $(PACKAGES_NODE)
PACKAGES_BENCH := wrk valgrind nghttp2-client:h2load perl sqlite3
PROMETHEUS := $(OUT)/prometheus/promtool
PACKAGES_OWN  := dpkg-dev
PACKAGES_VALGRIND := valgrind
PACKAGES_BARE := debootstrap git curl:curl util-linux


# make reads this file when it is made, and begins anew

$(OUT)/libpq.mk: t/make/libpq.sh | deps
	@mkdir -p $(@D)
	@echo "LIBPQ := $$(CC='$(CC)' t/make/libpq.sh)" > $@
	@grep -q '= .' $@ || { \
	    echo 'no libpq 14 or newer: everything is built without "store postgresql://";'; \
	    echo 'to have it, install libpq-dev, then: make clean all'; }


# the module, by nginx's own build system in a private copy of its tree

$(TREE)/nginx/configure: | deps
	@[ -x $(NGINX_SRC)/configure ] || { \
	    echo "$(NGINX_SRC) holds no nginx source tree"; exit 1; }
	@mkdir -p $(TREE)
	@rm -rf $(TREE)/nginx
	@cp -rL $(NGINX_SRC) $(TREE)/nginx

# `config` lists the module's files: when there are others, configure again
$(TREE)/files: FORCE
	@mkdir -p $(TREE)
	@echo '$(CFLAGS_BUILD) $(sort $(SOURCES))' | cmp -s - $@ || \
	    echo '$(CFLAGS_BUILD) $(sort $(SOURCES))' > $@

$(TREE)/nginx/objs/Makefile: config $(TREE)/nginx/configure $(TREE)/files
	@echo 'configuring for nginx in $(NGINX_SRC)'
	@cd $(TREE)/nginx && bash -c '\
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
	@echo 'building $@'
	@flock $(TREE) $(MAKE) --no-print-directory -C $(TREE)/nginx -j2 \
	    -f objs/Makefile modules > $(TREE)/make.log 2>&1 || { \
	    grep -A4 -E ': (fatal )?error:' $(TREE)/make.log | head -60; \
	    echo "the build failed: $(TREE)/make.log"; exit 1; }
	@cp -f $(TREE)/nginx/objs/ngx_social_module.so $@.new
	@mv -f $@.new $@

FORCE:


# Core and store once more without nginx, as a library for the program, and the
# program ngx-social.  Another BUILD, other files: link again.

LIBSOCIAL   := $(OUT)/libsocial.a
LIB_OBJS    := $(patsubst src/%.c,$(TREE)/obj/%.o,$(CORE))
TOOL_OBJS   := $(patsubst src/%.c,$(TREE)/obj/%.o,$(TOOL))
TOOL_CFLAGS := -std=gnu11 -D_GNU_SOURCE $(WARN) $(CFLAGS_BUILD) $(INCLUDES)

$(OUT)/objects: FORCE
	@mkdir -p $(OUT)
	@echo '$(LIB_OBJS) $(TOOL_OBJS) $(CFLAGS_BUILD)' | cmp -s - $@ || \
	    echo '$(LIB_OBJS) $(TOOL_OBJS) $(CFLAGS_BUILD)' > $@

# with and without PostgreSQL
$(TREE)/obj/store/social_store.o $(OUT)/unit/obj/store/social_store.o: \
        $(OUT)/objects

$(TREE)/obj/%.o: src/%.c $(HEADERS) | deps
	@mkdir -p $(@D)
	@$(CC) $(TOOL_CFLAGS) -c $< -o $@

$(TREE)/obj/tool/%.o: src/tool/%.c $(TOOL_HEADERS) $(HEADERS) | deps
	@mkdir -p $(@D)
	@$(CC) $(TOOL_CFLAGS) -c $< -o $@

$(LIBSOCIAL): $(LIB_OBJS) $(OUT)/objects
	@rm -f $@
	@$(AR) rcs $@ $(LIB_OBJS)

$(PROGRAM): $(TOOL_OBJS) $(LIBSOCIAL)
	@echo 'building $@'
	@$(CC) $(CFLAGS_BUILD) $(TOOL_OBJS) $(LIBSOCIAL) -Wl,--as-needed $(LIBS) \
	    $(TOOL_LIBS) \
	    $(LDFLAGS_$(BUILD)) -o $@.new
	@mv -f $@.new $@


# unit tests of the core and the store, without nginx, under the sanitizers;
# t/unit/unit.h says how they are named

MARKDOWN_SRCS := $(sort $(wildcard src/core/markdown/*.c)) \
               $(addprefix src/core/social_,comment_html.c id.c link.c out.c \
                   prose.c text.c)
HTML_SRCS   := $(sort $(wildcard src/core/html/*.c))
UNIT_CFLAGS := -std=gnu11 -D_GNU_SOURCE -g -O1 $(WARN) -fsanitize=address,undefined \
               -fno-omit-frame-pointer $(INCLUDES)

$(OUT)/tsan/%: t/unit/%.c $(CORE) $(HEADERS) $(wildcard t/unit/*.h) | deps
	@mkdir -p $(@D)
	@$(CC) -std=gnu11 -D_GNU_SOURCE -g -O1 $(WARN) -fsanitize=thread \
	    $(INCLUDES) $< $(CORE) $(LIBS) -o $@

$(OUT)/unit/obj/%.o: src/%.c $(HEADERS) | deps
	@mkdir -p $(@D)
	@$(CC) $(UNIT_CFLAGS) -c $< -o $@

$(OUT)/unit/%: t/unit/%.c $(CORE_OBJS) $(wildcard t/unit/*.h)
	@mkdir -p $(@D)
	@$(CC) $(UNIT_CFLAGS) $< $(CORE_OBJS) $(LIBS) -o $@

$(OUT)/unit/status_atom: | deps-xml

# the program's HTML room

TOOL_HTML := $(sort $(wildcard src/tool/html/*.c)) src/tool/social_tool_room.c

$(OUT)/unit/tool_html: t/unit/tool_html.c $(TOOL_HTML) $(TOOL_HEADERS) \
        $(CORE_OBJS) t/unit/unit.h
	@mkdir -p $(@D)
	@$(CC) $(UNIT_CFLAGS) $(filter %.c %.o,$^) $(LIBS) -o $@

# counts the basic blocks that run; a sanitizer would add some of its own
$(OUT)/unit/html_work: t/unit/html_work.c $(HTML_SRCS) $(HEADERS) \
        t/unit/unit.h | deps
	@mkdir -p $(@D)
	@$(CC) -std=gnu11 -D_GNU_SOURCE -g -O1 $(WARN) $(INCLUDES) \
	    -fsanitize-coverage=trace-pc -Dmemchr=counted_memchr \
	    $< $(HTML_SRCS) \
	    -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc -o $@

# counts instructions, md4c's too, under valgrind, which knows no sanitizers
$(OUT)/unit/markdown_work: t/unit/markdown_work.c $(MARKDOWN_SRCS) \
        $(HEADERS) t/unit/unit.h | deps
	@mkdir -p $(@D)
	@$(CC) -std=gnu11 -D_GNU_SOURCE -g -O2 $(WARN) $(INCLUDES) \
	    $(filter %.c,$^) -lmd4c -o $@

# The filter room between models of nginx and of the other rooms: of nginx only
# headers are used.  Without gzip_static, which opens files.

MODEL_SRC := $(sort $(wildcard t/model/*.c)) $(HTML_SRCS) \
               $(filter-out %_gzip_static.c,$(sort \
                   $(wildcard src/http/filter/*.c)))
MODEL_INC := -It/model $(addprefix -isystem $(TREE)/nginx/,src/core src/event \
               src/event/modules src/os/unix objs src/http src/http/modules \
               src/http/v2)
MODEL_DEP := $(MODEL_SRC) t/model/model.h $(HEADERS) \
               $(TREE)/nginx/objs/Makefile

$(OUT)/unit/chain: t/unit/chain.c t/fuzz/chain.c $(MODEL_DEP) t/unit/unit.h
	@mkdir -p $(@D)
	@$(CC) $(UNIT_CFLAGS) -fno-sanitize-recover=undefined $(MODEL_INC) \
	    t/unit/chain.c t/fuzz/chain.c $(MODEL_SRC) -lz -o $@

# The zone room between stand-ins of nginx's functions.  The compiler calls
# __tsan_write8() and the like before each store; t/unit/zone.c has these
# functions itself, so it can stop a worker before any store.

STEP_SRC  := $(sort $(wildcard src/http/zone/*.c))
STEP_OBJS := $(patsubst src/http/zone/%.c,$(OUT)/unit/steps/%.o,$(STEP_SRC))

$(OUT)/unit/steps/%.o: src/http/zone/%.c $(HEADERS) $(TREE)/nginx/objs/Makefile
	@mkdir -p $(@D)
	@$(CC) -std=gnu11 -D_GNU_SOURCE -g -O1 $(WARN) $(INCLUDES) $(MODEL_INC) \
	    -fsanitize=thread --param tsan-instrument-func-entry-exit=0 \
	    -Dmemset=step_memset -Dmemcpy=step_memcpy -c $< -o $@

$(OUT)/unit/zone: t/unit/zone.c $(STEP_OBJS) t/unit/unit.h
	@mkdir -p $(@D)
	@$(CC) -std=gnu11 -D_GNU_SOURCE -g -O1 $(WARN) $(INCLUDES) $(MODEL_INC) \
	    t/unit/zone.c $(STEP_OBJS) src/core/social_siphash.c \
	    src/core/social_sketch.c -lm -o $@

# keep the objects
.SECONDARY:

unit: $(UNITS)
	prove -j2 -e '' $(UNITS)

unit-%: $(OUT)/unit/%
	prove -v -e '' $<


# the demo blog

ifeq ($(NODES),)
run: $(MODULE) $(PROGRAM)
	@SOCIAL_NGINX=$(NGINX_BIN) EMPTY=$(EMPTY) FRESH=$(FRESH) \
	    docs/demo/run.sh $(MODULE) $(PROGRAM) $(OUT)/demo $(PORT)
else
run: $(MODULE) $(PROGRAM) | deps-nodes
	@SOCIAL_NGINX=$(NGINX_BIN) FRESH=$(FRESH) \
	    t/make/run.sh $(MODULE) $(PROGRAM) $(OUT)/demo/nodes $(PORT) $(NODES)
endif

# README's pictures: the demo with a past that always ends on the same day

screenshots: deps-test $(MODULE) $(PROGRAM) t/browser/node_modules/.done
	SOCIAL_NGINX=$(NGINX_BIN) t/browser/screenshots.sh $(MODULE) $(PROGRAM) \
	    docs/images


# tests of the core, of the server, in a browser; most of the time before them
# goes into linking units, two at a time unless make was told how many

JOBS = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j2)

# begun first, so that it does not run alone at the end

LONGEST := $(OUT)/unit/store_fault

test: deps-test $(MODULE) $(PROGRAM) $(MAN) t/browser/node_modules/.done corpora-tools \
      $(PROMETHEUS)
	@$(MAKE) --no-print-directory $(JOBS) $(UNITS)
	SOCIAL_NGINX=$(NGINX_BIN) SOCIAL_MODULE=$(MODULE) \
	    SOCIAL_PLACES=$(PLACES) prove -j2 $(LONGEST) t/*.t \
	    $(filter-out $(LONGEST),$(UNITS))

# some tests of the server: make check TESTS=t/share.t

.PHONY: check

check: deps-test $(MODULE) $(PROGRAM) $(MAN) \
       $(if $(findstring browser,$(TESTS)),t/browser/node_modules/.done) \
       $(if $(findstring corpora,$(TESTS)),corpora-tools) \
       $(if $(findstring formats,$(TESTS)),$(PROMETHEUS))
	@[ -n '$(TESTS)' ] || { \
	    echo 'which tests? make check TESTS="t/share.t t/view.t"'; exit 1; }
	SOCIAL_NGINX=$(NGINX_BIN) SOCIAL_MODULE=$(MODULE) \
	    SOCIAL_PLACES=$(PLACES) prove -j2 $(TESTS)

# several machines on one database, all of it: half an hour

fleet: deps-test $(MODULE) $(PROGRAM) $(filter $(OUT)/unit/store%,$(UNITS))
	SOCIAL_LONG=1 SOCIAL_NGINX=$(NGINX_BIN) SOCIAL_MODULE=$(MODULE) \
	    prove -v t/fleet*.t t/demo_nodes.t t/store_postgres.t

# with an nginx that is built for a tool, see t/make/own.sh; TESTS=t/x.t runs
# others than the tool's usual tests

OWN := NGINX_SRC=$(NGINX_SRC) t/make/own.sh $(OUT)/own

sanitize: deps-own $(PROGRAM) t/browser/node_modules/.done corpora-tools \
          $(PROMETHEUS)
	SOCIAL_PLACES=$(PLACES) $(OWN) sanitize $(TESTS)

tsan: deps-own $(PROGRAM) $(OUT)/tsan/store_threads
	UNIT=$(OUT)/tsan/store_threads $(OWN) tsan $(TESTS)

valgrind: deps-own $(PROGRAM) deps-valgrind
	$(OWN) valgrind $(TESTS)

t/%/node_modules/.done: t/%/package.json t/%/package-lock.json | deps-test
	t/make/npm.sh t/$*


# Prometheus, for t/formats.t: two programs of Debian's package.  It is not
# installed, because that would start a server on every machine with systemd.


$(PROMETHEUS):
	t/make/prometheus.sh $(@D)


# pages of others: thousands from Debian's documentation packages, and blogs

PLACES    := $(OUT)/corpora/places
HTML_OBJS := $(HTML_SRCS:src/%.c=$(OUT)/unit/obj/%.o)

$(PLACES): t/corpora/places.c $(HTML_OBJS) | deps-test
	@mkdir -p $(@D)
	@$(CC) $(UNIT_CFLAGS) $(filter %.c %.o,$^) -lgumbo -o $@

# comments, for CommonMark's examples

$(OUT)/corpora/markdown: t/corpora/markdown.c t/unit/markdown_check.h \
        $(MARKDOWN_SRCS) $(HEADERS) | deps-test
	@mkdir -p $(@D)
	@$(CC) $(UNIT_CFLAGS) $(filter %.c,$^) -lmd4c -o $@

corpora-tools: $(PLACES) $(OUT)/corpora/markdown t/corpora/node_modules/.done

corpora: deps-corpora $(MODULE) corpora-tools
	SOCIAL_NGINX=$(NGINX_BIN) SOCIAL_MODULE=$(MODULE) \
	    perl t/corpora/run.pl $(OUT)/corpora


# fuzzers: make fuzz TIME=60 runs each of them for 60 seconds

FUZZERS   := $(patsubst t/fuzz/%.c,$(OUT)/fuzz/%,$(wildcard t/fuzz/*.c))
comma := ,
FUZZ_CFLAGS := -std=gnu11 -D_GNU_SOURCE -g -O1 \
               -fsanitize=fuzzer,address,undefined $(INCLUDES)

$(OUT)/fuzz/%: t/fuzz/%.c $(CORE) $(HEADERS) | deps-fuzz
	@mkdir -p $(@D)
	clang $(FUZZ_CFLAGS) $< $(CORE) $(LIBS) \
	    $(if $(findstring gumbo,$*),-lgumbo) -o $@

# the readers of the program, from a file to a plan; seven of them, so what
# they share is compiled once

FUZZ_OBJS := $(patsubst src/%.c,$(OUT)/fuzz/obj/%.o,$(CORE) \
               $(filter-out src/tool/social_tool.c,$(TOOL)))

$(OUT)/fuzz/obj/%.o: src/%.c $(HEADERS) $(TOOL_HEADERS) | deps-fuzz
	@mkdir -p $(@D)
	@clang $(subst fuzzer$(comma),fuzzer-no-link$(comma),$(FUZZ_CFLAGS)) -c $< \
	    -o $@

$(patsubst t/fuzz/%.c,$(OUT)/fuzz/%,$(wildcard t/fuzz/import_*.c) t/fuzz/figures.c): \
        $(OUT)/fuzz/%: t/fuzz/%.c t/fuzz/import.h $(FUZZ_OBJS)
	@mkdir -p $(@D)
	clang $(FUZZ_CFLAGS) $< $(FUZZ_OBJS) $(LIBS) $(TOOL_LIBS) -o $@

$(OUT)/fuzz/chain: t/fuzz/chain.c $(MODEL_DEP) | deps-fuzz
	@mkdir -p $(@D)
	clang $(FUZZ_CFLAGS) -fno-sanitize-recover=undefined $(MODEL_INC) \
	    $< $(MODEL_SRC) -lz -o $@

fuzz: $(FUZZERS)
	@for f in $(FUZZERS); do t/fuzz/run.sh $$f $(TIME) || exit 1; done


# benchmarks: all, a few in three minutes, or one, such as make bench-static

$(OUT)/bench/commits: t/bench/commits.c | deps
	@mkdir -p $(@D)
	@$(CC) -std=gnu11 -D_GNU_SOURCE $(WARN) -O2 $< -lsqlite3 -o $@

BENCH := SOCIAL_NGINX=$(NGINX_BIN) SOCIAL_MODULE=$(MODULE) perl t/bench/run.pl

bench: $(MODULE) $(OUT)/bench/commits | deps-bench
	@$(BENCH)

bench-quick: $(MODULE) $(OUT)/bench/commits | deps-bench
	@$(BENCH) --quick --out $(OUT)/bench/quick

bench-%: $(MODULE) $(OUT)/bench/commits | deps-bench
	@$(BENCH) $*

# the table and the pictures of docs/performance.md, from the last make bench

bench-pictures:
	perl t/bench/pictures.pl $(OUT)/bench/results docs

# A store of 100,000 articles and a year is made once (some minutes), and kept;
# SCALE="10000 60" is another size, STATUS=folder another place.

STATUS ?= $(OUT)/bench
SCALE  ?= 100000 365

$(OUT)/status_scale: t/bench/status_scale.c t/bench/status_load.c \
        t/bench/status_load.h $(LIBSOCIAL)
	@$(CC) $(TOOL_CFLAGS) t/bench/status_scale.c t/bench/status_load.c \
	    $(LIBSOCIAL) $(LIBS) $(LDFLAGS_$(BUILD)) -o $@

bench-status: $(OUT)/status_scale $(MODULE) | deps-bench
	@mkdir -p $(STATUS)
	$(OUT)/status_scale $(STATUS) $(SCALE)
	SOCIAL_NGINX=$(NGINX_BIN) SOCIAL_MODULE=$(MODULE) \
	    perl t/bench/status.pl $(STATUS)/scale.db

# the store of several machines, on a cluster that is made for it

$(OUT)/fleet_scale: t/bench/fleet_scale.c t/bench/status_load.c \
        t/bench/status_load.h $(LIBSOCIAL) | deps-test
	@$(CC) $(TOOL_CFLAGS) t/bench/fleet_scale.c t/bench/status_load.c \
	    $(LIBSOCIAL) $(LIBS) $(LDFLAGS_$(BUILD)) -o $@

bench-fleet: $(OUT)/fleet_scale
	perl t/bench/fleet.pl $(OUT)/fleet_scale $(SCALE)

# README's commands on a Debian 12 that has nothing: before a release

bare: | deps-bare
	t/make/bare.sh

# the ways in which others build it: nginx's own configure, two releases

builds:
	t/make/builds.sh $(OUT)/builds

lint: $(TREE)/nginx/objs/Makefile | deps-lint
	t/lint/lint.sh $(TREE)/nginx


# the demo's comments are kept: make clean removes what was built

clean:
	find $(OUT) -mindepth 1 -maxdepth 1 ! -name demo -exec rm -rf {} +
	rm -rf t/*/node_modules


# packages: only what is missing, only when something is

deps:
	@t/make/deps.sh $(PACKAGES)

deps-test: deps
	@t/make/deps.sh $(PACKAGES_TEST)

deps-nodes: deps
	@t/make/deps.sh $(PACKAGES_NODES)

deps-xml:
	@t/make/deps.sh $(PACKAGES_XML)

deps-corpora: deps-test
	@t/make/deps.sh $(PACKAGES_CORPORA)

deps-fuzz: deps
	@t/make/deps.sh $(PACKAGES_FUZZ)

deps-lint: deps
	@t/make/deps.sh $(PACKAGES_LINT)

deps-own: deps-test
	@t/make/deps.sh $(PACKAGES_OWN)

deps-valgrind: deps
	@t/make/deps.sh $(PACKAGES_VALGRIND)

deps-bare:
	@t/make/deps.sh $(PACKAGES_BARE)

deps-bench: deps
	@t/make/deps.sh $(PACKAGES_BENCH)
