# bash completion for ngx-social; commands and options are those that the
# program itself tells

_ngx_social() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    local program=${COMP_WORDS[0]} command=${COMP_WORDS[1]} path

    # readline takes "sqlite:PATH" for three words
    if [ "$cur" = : ] || [ "$prev" = : ]; then
        path=${cur#:}
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$path")
        return
    fi

    if [ "$COMP_CWORD" = 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "$("$program" help 2>/dev/null |
            sed -n 's/^ *ngx-social \([a-z][a-z-]*\).*/\1/p') --version" -- "$cur")
        return
    fi

    case $command in
        help)
            mapfile -t COMPREPLY < <(compgen -W "$("$program" help \
                2>/dev/null | sed -n 's/^ *ngx-social \([a-z][a-z-]*\).*/\1/p')" \
                -- "$cur")
            return ;;
    esac

    case $cur in
        -*)
            mapfile -t COMPREPLY < <(compgen -W "$("$program" help "$command" \
                2>/dev/null | grep -oE -- '--[a-z][a-z-]+' | sort -u)" \
                -- "$cur")
            return ;;
    esac

    case $prev in
        --store)
            compopt -o nospace
            mapfile -t COMPREPLY < <(compgen -W 'sqlite:' -- "$cur") ;;
        *)
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
    esac
}

complete -F _ngx_social ngx-social
