# What goes to others: manual pages, install and uninstall, the tarball, the
# Debian packages.  The Makefile sets the variables and includes this.

PACKAGES_DEB  := build-essential debhelper dpkg-dev lintian
PACKAGES_MAN  := man-db mandoc

MAN := $(OUT)/man/ngx-social.1 $(OUT)/man/ngx_social.5
DEB := $(OUT)/packages

man: $(MAN)

program: $(PROGRAM)

$(OUT)/man/ngx-social.1: $(PROGRAM) docs/packaging/ngx-social.1.in
$(OUT)/man/ngx_social.5: docs/directives.md

$(MAN): t/make/man.pl src/core/social_version.h docs/packaging/debian/changelog
	@mkdir -p $(@D)
	@perl t/make/man.pl $(subst .,,$(suffix $@)) $(PROGRAM) > $@.$$$$ && \
	    mv -f $@.$$$$ $@ || { rm -f $@.$$$$; exit 1; }


# into nginx's directory of modules and where programs, manual pages and
# completions are; uninstall from there

MODULES_DIR := /usr/lib/nginx/modules
PROGRAM_DIR := /usr/bin
MAN_DIR     := /usr/share/man
BASH_DIR    := /usr/share/bash-completion/completions
VERSION     = $(shell $(NGINX_BIN) -v 2>&1 | sed 's,.*/,,')

INSTALLED := $(MODULES_DIR)/ngx_social_module.so $(PROGRAM_DIR)/ngx-social \
             $(MAN_DIR)/man1/ngx-social.1 $(MAN_DIR)/man5/ngx_social.5 \
             $(BASH_DIR)/ngx-social

# a file that runs or is loaded is replaced, not written
define put
	install -D -m $1 $2 $(DESTDIR)$3.new
	mv -f $(DESTDIR)$3.new $(DESTDIR)$3
endef

install: $(MODULE) $(PROGRAM) $(MAN)
	$(call put,755,$(PROGRAM),$(PROGRAM_DIR)/ngx-social)
	$(call put,644,$(OUT)/man/ngx-social.1,$(MAN_DIR)/man1/ngx-social.1)
	$(call put,644,$(OUT)/man/ngx_social.5,$(MAN_DIR)/man5/ngx_social.5)
	$(call put,644,docs/packaging/completions/ngx-social,$(BASH_DIR)/ngx-social)
	$(call put,644,$(MODULE),$(MODULES_DIR)/ngx_social_module.so)
	@echo
	@echo "Installed $(PROGRAM_DIR)/ngx-social, its manual pages and completion."
	@echo "Installed $(MODULES_DIR)/ngx_social_module.so for nginx $(VERSION)."
	@echo "Nothing uses it yet. In Debian's modules-enabled/60-social.conf,"
	@echo "elsewhere at the top of nginx.conf:"
	@echo
	@echo "    load_module modules/ngx_social_module.so;"
	@echo
	@echo "Then: nginx -t, and RESTART nginx (a reload keeps the old code)."
	@echo "It loads into this very version only. After an upgrade of nginx"
	@echo "nginx will not start until 'make install' was run again, or the"
	@echo "load_module line is taken out. The package of 'make deb' knows its"
	@echo "nginx, and avoids this. 'make uninstall' removes these files."

uninstall:
	@if grep -rqs '^[^#]*ngx_social_module' $(DESTDIR)/etc/nginx; then \
	    echo "$(DESTDIR)/etc/nginx still loads the module: take load_module out first"; \
	    exit 1; fi
	rm -f $(addprefix $(DESTDIR),$(INSTALLED))


# a tarball of the tracked files, the same wherever it is made

dist:
	@t/make/dist.sh tar $(OUT)/ngx-social-$$(t/make/dist.sh version).tar.gz
	@echo "built $(OUT)/ngx-social-$$(t/make/dist.sh version).tar.gz"

# Debian packages for this machine's nginx

deb: deps deps-deb
	@t/make/deb.sh $(OUT)/deb $(DEB)

# what the packages do to a Debian 12, and docs/start*.md there: a folder is
# made one, and removed

packages: deb deps-bare deps-man
	t/make/packages.sh $(DEB)

deps-deb:
	@t/make/deps.sh $(PACKAGES_DEB)

deps-man:
	@t/make/deps.sh $(PACKAGES_MAN)
