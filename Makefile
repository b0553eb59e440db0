# ngx_social
#
#   make run          a demo blog with a past on http://127.0.0.1:8080 (PORT=)
#   make run EMPTY=1  the same blog before its first reader
#   make run NODES=3  the blog on three nginx, one PostgreSQL and a balancer
#   make run FRESH=1  forgets what was done in the demo, and begins anew
#   make test         every test
#   make check TESTS=t/share.t      these tests only
#   make unit-thread                this unit test only, t/unit/thread.c
#   make              build/ngx_social_module.so for this machine's nginx, and
#                     the program build/ngx-social
#   make install      into nginx's modules directory and /usr
#   make uninstall
#   make deb          Debian packages of both for this machine's nginx, in
#                     build/packages
#   make dist         a tarball of the tracked files
#   make packages     what the packages do to a fresh Debian 12, in a folder
#   make fleet        the long tests of several machines on one PostgreSQL
#   make sanitize     every test, nginx and all under ASan and UBSan
#   make tsan         tests of jobs and store under TSan
#   make valgrind     a short script of requests under memcheck
#   make bare         README's commands on a fresh Debian 12, in a folder
#   make screenshots  the pictures of README, of the demo
#   make bench        what pages and comments cost, beside nginx without the
#                     module, and which goals hold; bench-quick: 3 minutes;
#                     bench-static, bench-comments, ...: t/bench/NAME.pl
#   make bench-pictures  table and pictures of docs/performance.md
#   make bench-status what the status of 100,000 articles costs
#   make bench-fleet  comments, saves and figures in PostgreSQL
#   make unit | fuzz TIME=60 | builds | corpora | lint | deps | clean
#
#   NGINX_SRC=dir     build against a source tree instead of Debian's nginx
#   NGINX_BIN=file    another nginx for run and test
#   BUILD=release | debug | sanitize
#   POSTGRES=no       without `store postgresql://`, and without libpq

BUILD     ?= release
NGINX_SRC ?= /usr/share/nginx/src
NGINX_BIN ?= /usr/sbin/nginx
PORT      ?= 8080
TIME      ?= 60
CC        ?= cc

ROOT      := $(CURDIR)
OUT       := $(ROOT)/build
MODULE    := $(OUT)/ngx_social_module.so
PROGRAM   := $(OUT)/ngx-social
TREE      := $(OUT)/$(BUILD)

WARN      := -Wall -Wextra -Werror -Wshadow -Wno-unused-parameter
CFLAGS_release  := -O2 -g
CFLAGS_debug    := -O0 -g3
CFLAGS_sanitize := -O1 -g -fno-omit-frame-pointer \
                   -fsanitize=address,undefined -DNGX_DEBUG_PALLOC=1
CFLAGS_BUILD    := $(CFLAGS_$(BUILD))
LDFLAGS_sanitize := -fsanitize=address,undefined

# LIBPQ: where the library of PostgreSQL is; found when the packages are there
ifneq ($(POSTGRES),no)
ifneq ($(filter-out clean uninstall,$(or $(MAKECMDGOALS),all)),)
-include $(OUT)/libpq.mk
endif
endif

INCLUDES  := $(addprefix -I,$(sort $(shell find src -type d))) -It/unit \
             $(if $(LIBPQ),-DSOCIAL_POSTGRES=1 -isystem $(LIBPQ))
LIBS      := -lsqlite3 $(if $(LIBPQ),-lpq) -lcjson -lmd4c -lpcre2-8 -lcrypto \
             -lz -lm -lpthread

CORE      := $(sort $(shell find src/core src/store -name '*.c' \
                 $(if $(LIBPQ),,! -path 'src/store/postgres/*')))
HEADERS   := $(sort $(shell find src -path src/tool -prune -o \
                 -type f ! -name '*.c' -print))
TOOL      := $(sort $(shell find src/tool -name '*.c'))
TOOL_LIBS := -lexpat
TOOL_HEADERS := $(sort $(shell find src/tool -type f ! -name '*.c'))
SOURCES   := ngx_social_module.c $(sort $(wildcard src/http/*/*.c)) $(CORE) \
             $(HEADERS)
UNITS     := $(patsubst t/unit/%.c,$(OUT)/unit/%,$(wildcard t/unit/*.c))
CORE_OBJS := $(patsubst src/%.c,$(OUT)/unit/obj/%.o,$(CORE))

.PHONY: all run test sanitize tsan valgrind unit fuzz bench \
        bench-quick bench-pictures bench-status bench-fleet fleet bare builds corpora \
        corpora-tools lint man program install uninstall dist deb packages \
        screenshots clean deps deps-test \
        deps-corpora deps-fuzz deps-lint deps-bench deps-bare deps-own \
        deps-valgrind deps-nodes deps-xml deps-deb deps-man FORCE


all: $(MODULE) $(PROGRAM)

include t/make/package.mk
include t/make/build.mk
