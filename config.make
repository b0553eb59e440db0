# Beside config: nginx's ./configure reads this when its Makefile is written.
# The assembler that reads embedded files must run in the compiler, where -I
# says where they are, not at the end, where the linker optimizes.

cat << END                                                    >> $NGX_MAKEFILE

$NGX_OBJS/addon/core/social_asset.o $NGX_OBJS/addon/store/social_store_sqlite_schema.o: \\
    CFLAGS += -fno-lto

END
