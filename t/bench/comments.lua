-- Comments for wrk, each with a text and a name of its own:
--
--   wrk -s comments.lua URL -- BODY RUN
--
-- BODY is a form without `name` and `text`; RUN tells runs apart.

local body, run, n = "", "", 0

function init(args)
    body, run = args[1], args[2]
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
    wrk.headers["Sec-Fetch-Site"] = "same-origin"
end

function request()
    n = n + 1

    return wrk.format(nil, nil, nil, body .. "&name=Reader+" .. n
        .. "&text=Comment+" .. n .. "+of+run+" .. run .. ",+with+a+sentence+or"
        .. "+two+about+the+page,+%2A%2Asome+of+it%2A%2A+louder,+as+people"
        .. "+write+them.")
end
