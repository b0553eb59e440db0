# nginx's ./configure reads this file, beside config, when it has written its
# Makefile.  Some files embed others with .incbin, which searches the -I folders.
# With LTO the assembler would run when linking, without -I: hence -fno-lto.

cat << END                                                    >> $NGX_MAKEFILE

$NGX_OBJS/addon/core/social_asset.o $NGX_OBJS/addon/store/social_store_sqlite_schema.o \\
    $NGX_OBJS/addon/postgres/social_store_postgres_schema.o: \\
    CFLAGS += -fno-lto

END
