# What the demo's blog, docs/demo/site, has lived through: ninety days that end
# on the day below.  `ngx-social seed` moves them, so that they end yesterday.
# docs/operations.md describes this language.
#
# The author was here until 18 November.  Since then nobody has answered and
# nobody has looked at what is held.

end 2026-11-26
goal subscribed

author ruth Ruth Ansell

person joan     direct     - Joan
person geoff    direct     - Geoff H.
person pollard  direct     - W. Pollard
person dacre    direct     - Mrs Dacre
person tomas    mastodon   https://tomas.example Tomás Rivera
person adaeze   mastodon   - Adaeze Okafor
person priya    mastodon   - Priya Raman
person jonas    mastodon   https://lindqvist.example Jonas Lindqvist
person olena    mastodon   - Olena Hrytsenko
person hine     mastodon   - Hinemoa Parata
person ruben    mastodon   - Ruben de Wit
person yuki     mastodon   - 由紀
person claire   mastodon   - Claire Dufresne
person fatima   bluesky    - Fatima Zahra
person kwame    bluesky    - Kwame Mensah
person mei      search     - Mei-Ling Tan
person dieter   search     - Dieter Kohl
person giulia   search     - Giulia Bertoldi
person linh     search     - Nguyễn Thị Linh
person anneli   rss        - Anneli Tamm
person sam      rss        - sam
person zeynep   dark       - Zeynep Arslan
person ahmed    dark       - Ahmed El-Sayed
person nora     email      - Nora Brattbakk
person marek    hackernews - Marek Wójcik
person pete     hackernews - pete_r
person sofia    reddit     - Sofía Castaño
person bilal    whatsapp   - Bilal
person ines     facebook   - Inês Carvalho
person walt     search     - Walt Brennan
person lerato   mastodon   - Lerato Mokoena
person tuan     dark       - Anh Tuấn
person eirik    mastodon   - Eirik
person maja     bluesky    - Maja Novak
person chiara   dark       - Chiara Bellini
person siobhan  mastodon   - Siobhán Daly

person spam1    direct     https://tiles-4u.example BestTiles Outlet
person spam2    direct     https://loan-now.example FastLoan Support
person spam3    direct     https://tiles-4u.example Kevin Discount
person spam4    direct     https://rank-up.example SEO Genius
person spam5    direct     https://rank-up.example Rank Booster
person spam6    direct     https://watches.example Luxury Time
person spam7    direct     https://loan-now.example Maria Credit
person spam8    direct     https://tiles-4u.example tiles tiles tiles


article /posts/the-same-four-miles/ The same four miles
published 2026-01-18 07:00
readers 0 1 0
from search 1
of 30 0 0
crowd 2026-09-08 11:00 search 2


article /posts/what-the-library-lends/ What the library lends
published 2026-02-22 07:00
readers 0 1 6
from search 5 facebook 3 dark 3 email 1 mastodon 1
of 30 45 12
share 2026-09-12 18:20 facebook 24
share 2026-10-02 09:05 email 3
share 2026-11-07 20:11 whatsapp 6

2026-09-12 20:02 ines
    We have eight chairs too, in a fishing town of two thousand, and the same
    letter about visits. Ours came in June. I have printed this for the
    committee.

2026-09-12 21:40 ruth > ines
    Please tell me what the committee says. Ours only believed the exercise
    book when somebody read it aloud.

2026-09-16 19:15 ines > ruth done
    They want to start one. The treasurer asked what column the totals go in,
    so it may take some time.

2026-11-08 10:12 geoff done
    For the record, I never passed my hat round. It was Alan's hat.


article /posts/the-bicycle-that-clicked/ The bicycle that clicked
published 2026-03-29 07:00
readers 0 1 5
from search 9 reddit 1 dark 2
of 25 2 4
share 2026-09-29 12:40 reddit 31

2026-09-21 17:32 walt
    Mine was the seat post as well. Two new chains and a crank before I
    believed it. I wish I had found this in April.

2026-09-21 21:31 ruth > walt
    I am sorry about the crank. If it helps, the old one makes a good paper
    weight.

2026-10-02 03:11 spam2 spam
    Need money today? Low rates, no questions, just press the link in my name.

2026-11-11 08:20 pollard done
    It has started again. I can hear you on the hill.

# a night in which somebody let a program loose

2026-11-24 03:10 spam1 held links
    Great article! For kitchen and bath tiles at half the price visit
    https://tiles-4u.example/a https://tiles-4u.example/b
    https://tiles-4u.example/c

2026-11-24 03:11 spam3 held links
    Thank you for sharing this wonderful post with us all. Tiles:
    https://tiles-4u.example/d https://tiles-4u.example/e
    https://tiles-4u.example/f

2026-11-24 03:12 spam4 held links
    I can bring your site to page one in 14 days, guaranteed. Prices at
    https://rank-up.example/1 https://rank-up.example/2
    https://rank-up.example/3

2026-11-24 03:12 spam5 held honeypot
    Your site has many errors that cost you customers. Reply for a free report.

2026-11-24 03:14 spam6 held links
    Very nice watches with free shipping https://watches.example/a
    https://watches.example/b https://watches.example/c


article /posts/one-loaf-every-friday/ One loaf, every Friday
published 2026-05-03 07:00
readers 0 1 13
from search 14 pinterest 2 dark 5 mastodon 2 whatsapp 1
of 42 14 38
share 2026-09-04 17:50 whatsapp 9
share 2026-09-25 16:02 pinterest 22
share 2026-10-16 18:44 mastodon 41
share 2026-11-06 19:21 mastodon 26
share 2026-11-13 12:09 copy 3

2026-09-05 11:14 mei
    Third Friday of following this. My kitchen is 29 degrees at night and I
    have moved everything four hours earlier. The fridge does the rest. Does
    the starter mind being fed at six in the morning instead?

2026-09-05 21:12 ruth > mei
    Not at all, as long as it is fed about as long before you need it. At 29
    degrees I would use half of it, or it will be over before you are home.

2026-09-12 10:40 mei > ruth
    Half the starter it is. The crumb is finally not a cave.

2026-09-13 07:35 ruth > mei
    Then change nothing for three Fridays. It is the hardest part.

2026-10-16 19:30 priya
    Came over from a post on Mastodon, stayed for "darker than seems polite".
    I make rotis every day of my life and never once wrote down a temperature.
    Now I want to.

2026-10-16 21:55 ruth > priya
    Do it for a month and tell me what you find. I would bet on the weather.

2026-10-19 06:50 jonas > priya
    I did this with crispbread. It was the weather, and one time it was the
    cat sleeping on the dough.

2026-10-20 18:05 priya > jonas
    What does a cat do to the percentages?

2026-10-20 19:22 jonas > priya
    Raises the temperature by two degrees and lowers the trust.

2026-10-31 09:20 linh
    I have no iron pot with a lid. Would a clay pot work, the kind we use for
    rice?

2026-10-31 21:10 ruth > linh
    If it can stand 250 degrees, yes, and put it into the cold oven so that it
    warms up slowly. If you are not sure that it can, use a baking tray and a
    dish of boiling water below.

2026-11-01 08:12 giulia > linh
    I use a terracotta flower pot, new, turned over as a lid. My mother laughed
    and then asked for the address of the shop.

2026-11-02 17:30 linh > giulia
    The rice pot survived. The loaf stuck to it, so I ate it like a hedgehog,
    from the inside. Next time with paper.

2026-11-02 21:45 ruth > linh
    That is how the first year goes. Rice flour on the cloth also helps.

2026-11-06 20:40 claire
    In my village we had one oven and Friday was our day, too. My grandmother
    marked her loaf with a key pressed into it. I had forgotten this until your
    last paragraph. Thank you for it.

2026-11-06 22:05 ruth > claire
    What a good mark. Did she use the house key?

2026-11-07 07:30 claire > ruth done
    The key of the hen house. "So that I know where it is," she said.

2026-11-13 18:22 olena done
    We bake with rye, and your table works if I take 78 per cent water and do
    not try to shape it at all. Into a tin, wet hands, done. Has anybody tried
    the cold night with a tin?

2026-11-14 09:01 jonas > olena
    Yes, and it rose over the edge in the dark like something in a film. Fill
    it half.

2026-11-14 19:40 olena > jonas
    Half was right. My oven is clean and I owe you a loaf.

2026-11-15 08:10 jonas > olena
    Send the heel. It is the only part that survives the post.

2026-11-20 18:31 mei
    Friday number fourteen. Power cut at the twenty-first minute, so I left it
    in the hot pot and went to the neighbours. It was the best one so far. Is
    there any point in asking why?

2026-11-24 09:15 dieter waits
    What kind of flour do you take exactly? In Germany the types have numbers,
    and I never know which one is meant by bread flour.


article /posts/sqlite-behind-the-counter/ Ten years of SQLite behind the counter
published 2026-06-14 07:00
readers 0 1 15
from search 12 hackernews 4 assistant 4 dark 4 github 1 lobsters 1
of 12 3 2
crowd 2026-09-17 14:10 hackernews 640
share 2026-09-17 15:30 mastodon 70
share 2026-09-18 08:12 linkedin 18
share 2026-10-22 10:30 copy 2

2026-09-17 15:02 marek
    BEGIN IMMEDIATE is the line that I forget in every project. Do you set the
    busy timeout per connection because of the pool, or out of habit?

2026-09-17 19:40 ruth > marek
    Because the library only sets it for the connection that asks. I found that
    out at ten past three on a school day.

2026-09-17 20:18 marek > ruth done
    The school bell as a load test. I am stealing that.

2026-09-17 16:20 pete
    How big does the WAL get in a normal week, if no reader hangs?

2026-09-17 21:15 ruth > pete
    About four megabytes, which is where the automatic checkpoint keeps it. The
    eleven thousand needed nine days of patience.

2026-09-17 18:55 adaeze
    We run clinics on the same plan, one file each, and the argument that wins
    every meeting is your last one: here is the memory stick, the answer is
    complete.

2026-09-18 07:20 ruth > adaeze
    I would like to read about that. Do you write it down somewhere?

2026-09-19 11:05 adaeze > ruth done
    Not yet. You have made it harder to keep putting off.

2026-09-18 09:44 ahmed
    Why text for dates and not a number? Sorting works with both.

2026-09-18 20:30 ruth > ahmed
    Because of the person at the counter who opens the file with a borrowed
    program on a Saturday. She can read a date. She cannot read seconds.

2026-11-10 13:25 walt done
    Typo in section 3, I think: "nothing after that point" should be "nothing
    from that point on".

# ... and here

2026-11-24 03:15 spam7 held honeypot
    My name is Maria and I was in debt until I found this company.

2026-11-24 03:17 spam8 held links
    tiles https://tiles-4u.example/x tiles https://tiles-4u.example/y tiles
    https://tiles-4u.example/z

2026-11-24 03:19 spam2 held honeypot
    Loan approved! Confirm within 24 hours.


article /posts/reading-the-log/ Reading the log, with coffee
published 2026-07-19 07:00
readers 0 1 5
from search 4 dark 4 mastodon 2 rss 2 lobsters 1
of 20 6 8
share 2026-11-04 07:40 mastodon 74
share 2026-11-04 09:12 mastodon 38
share 2026-11-04 12:30 bluesky 22
share 2026-11-05 08:03 lobsters 61
share 2026-11-05 10:48 linkedin 6
share 2026-11-06 21:15 mastodon 19
share 2026-11-09 17:02 x 4
share 2026-11-12 08:31 bluesky 12

2026-09-11 06:44 anneli
    I read the log on paper, on the bus, one page a week. The neighbours think
    that I am learning a language.

2026-09-11 21:50 ruth > anneli
    You are.

2026-11-05 09:20 tomas
    The full stop at the end of the address! I went to look and had the same
    one, and a closing bracket, thirty-one times since March.


article /posts/a-row-of-beans/ A row of beans
published 2026-08-30 07:00
readers 46 4 3
from dark 5 rss 4 mastodon 4 search 3 facebook 1
of 38 18 16
share 2026-08-30 09:40 mastodon 29
share 2026-08-31 18:22 facebook 14
share 2026-09-02 07:15 email 4

2026-08-30 08:51 dacre
    You might have mentioned that it is the bottom joint of the finger, not the
    top one.

2026-08-30 09:30 ruth > dacre
    It has been put right in the margin. How do you tell the age of a slug?

2026-08-30 16:12 dacre > ruth done
    By its cheek.

2026-08-30 10:25 hine
    We plant by the moon calendar here, and the soil thermometer too, and they
    agree more often than either side likes to admit. What is Painted Lady like
    dried? I only ever eat them green.

2026-08-30 20:10 ruth > hine
    Like a small potato with opinions. Soak them overnight, and boil them hard
    for ten minutes first.

2026-09-01 08:32 hine > ruth
    Ten minutes, noted. I have a red one from my aunt that is called nothing at
    all. I could post you an envelope.

2026-09-01 21:04 ruth > hine
    The drawer would be honoured. I will send Painted Lady back, and the name
    of the customs form.

2026-08-31 07:15 sam done
    No slugs at all this year, on the fourth floor. No beans either. The bees
    do not take the lift.

2026-08-31 19:48 kwame > sam
    Shake the flowers in the morning, gently. My uncle does it with an electric
    toothbrush, on a balcony above a motorway. Two kilos.

2026-09-01 06:58 sam > kwame
    I am going to be late for work and it is your uncle's fault.

2026-09-08 19:20 sam > kwame
    Eleven pods.

2026-09-08 20:41 kwame > sam
    I have told him. He wants to know which toothbrush.


article /posts/a-queue-for-the-apple-press/ A queue for the apple press
published 2026-09-13 07:00
readers 38 4 2
from dark 4 rss 4 facebook 3 search 1 mastodon 2
of 34 20 10
share 2026-09-13 10:15 whatsapp 11
share 2026-09-14 19:40 facebook 17

2026-09-13 09:05 geoff
    I am number nine on that list and I was told I was number seven.

2026-09-13 09:40 joan > geoff
    You were seven until you asked to be moved so that you could have Tuesday.

2026-09-13 10:11 geoff > joan
    I asked whether Tuesday was possible. That is not the same as asking for
    it.

2026-09-13 20:55 ruth > geoff
    You are number seven. You are also number nine, because of your sister's
    tree. Both are on a Tuesday.

2026-09-14 18:22 bilal
    What do you do with the pulp that is left? We have a mosque garden with
    four trees and a mountain of it.

2026-09-14 21:30 ruth > bilal
    The pigs at top farm, then the compost, in thin layers with straw. Not near
    the school, because of the wasps.

2026-09-15 07:12 bilal > ruth done
    Wasps, yes. We found that out on the open day.


article /posts/rye-and-patience/ Rye, and patience
published 2026-09-27 07:00
readers 34 3 2
from dark 4 rss 4 search 3 mastodon 3
of 30 26 14
share 2026-09-28 12:12 mastodon 21

2026-09-27 10:30 olena
    Twenty-four hours before cutting, and then it is best on the third day. My
    mother hid it from us.

2026-09-27 21:15 ruth > olena
    Where does one hide a loaf from children?

2026-09-28 06:40 olena > ruth done
    In the piano.

2026-09-29 19:05 yuki > olena
    This is the best answer I have read on the internet this year.


article /posts/what-a-view-counts/ What a view counts
published 2026-10-04 07:00
readers 52 4 4
from dark 5 hackernews 3 mastodon 3 rss 3 search 2
of 14 1 0
share 2026-10-04 09:20 mastodon 47
share 2026-10-05 11:02 linkedin 9
crowd 2026-11-03 15:20 hackernews 780

2026-10-04 10:12 ruben
    I count bicycles for the city, with a tube across the road, and every
    spring there is a week in which the tube counts a street sweeper 200 times
    a day. Nobody has ever asked me to take them out again.

2026-10-04 21:05 ruth > ruben
    Please tell me that there is an official column for the street sweeper.

2026-10-05 07:48 ruben > ruth done
    There is now. It is called "cyclists (other)".

2026-10-04 12:33 zeynep
    Did you write to the cycling club?

2026-10-04 21:20 ruth > zeynep
    I did. They sent a photograph of all of them holding up their seat posts.

2026-10-06 18:10 nora
    I do not leave comments as a rule, but I am one of the 581 and I wanted to
    be the 582nd who said so.

2026-10-06 21:42 ruth > nora
    Now I know somebody's name. Thank you, Nora.


article /posts/a-lamp-for-the-lane/ A lamp for the lane
published 2026-10-11 07:00
readers 30 3 2
from dark 4 rss 4 search 3
of 26 12 9
share 2026-10-12 08:30 copy 2

2026-10-11 09:12 pollard
    You have wired it to the wrong side of the switch. It will drink the
    battery when it is parked.

2026-10-11 20:31 ruth > pollard
    It drank it on Tuesday. I had hoped that nobody would notice.

2026-10-13 19:02 tomas
    A capacitor across the lamp keeps it alight at the traffic light. Mine is
    from a dead washing machine and has outlived the bicycle.

2026-10-13 21:40 ruth > tomas
    How large is it? Pollard has a shelf of dead washing machines.

2026-10-14 18:11 tomas > ruth done
    One farad, 5.5 volts. Check it with a meter first, they forget things when
    they get old.


article /posts/forty-mugs/ Forty mugs
published 2026-10-18 07:00
readers 44 4 3
from facebook 5 dark 4 rss 3 mastodon 2
of 24 60 12
share 2026-10-18 11:40 facebook 33
share 2026-10-19 08:05 email 2

2026-10-18 18:50 ahmed
    My father drove the bus after Geoff. He would have liked to be in this.

2026-10-18 21:30 ruth > ahmed
    He is: the mug with the blue line at the handle is the one that he glued.


article /posts/envelopes-of-seed/ Envelopes of seed
published 2026-10-25 07:00
readers 40 5 4
from mastodon 5 dark 4 rss 4 facebook 2 search 1
of 44 16 20
share 2026-10-25 10:30 mastodon 44
share 2026-11-02 19:14 mastodon 27
share 2026-11-10 12:44 whatsapp 5

2026-10-25 11:20 hine
    Your Painted Lady arrived, all twenty, and the customs form had more
    stamps than beans. The ones from my aunt are on their way. She has decided
    that they are called Tuesday.

2026-10-25 21:12 ruth > hine
    Then the drawer has its first weekday. Thank you, and thank her.

2026-10-26 08:40 lerato
    Is there a list of what people bring back that is not seed? We have a box
    like yours at the clinic, and it fills with buttons and bus tickets.

2026-10-26 19:55 ruth > lerato
    No list, on purpose. But since you ask: two keys, a tooth, a very good
    recipe for marrow.

2026-11-03 07:20 yuki done
    Does anybody here grow shiso from saved seed? Mine will not come up, three
    years in a row.

2026-11-03 18:44 hine > yuki
    Needs light. Do not cover it at all, press it on the soil and keep it wet.
    And the seed is only good for a year.

2026-11-04 06:15 yuki > hine
    I have been burying it one centimetre deep, every spring, with great care.

2026-11-04 08:02 hine > yuki
    A funeral, then. Start again in April, and throw the old ones at a wall
    that you like.

2026-11-05 19:33 tuan
    My grandmother kept hers in film boxes with the date of the moon. I have
    four of the boxes and cannot read the writing. It looks like pumpkin.

2026-11-05 20:50 lerato > tuan
    Sow two of each, very far apart, and let them tell you.

2026-11-06 07:11 tuan > lerato
    I have a window. They will have to tell me one after the other.

2026-11-06 18:03 lerato > tuan
    Then pumpkin first. It will tell you about the window, too.

2026-11-08 21:05 ruth > tuan
    Bring a photograph of the writing on a Thursday. Mrs Dacre reads anything.


article /posts/talking-under-an-article/ Talking under an article
published 2026-11-01 07:00
readers 34 4 3
from dark 5 rss 4 mastodon 4 search 1
of 40 10 10
share 2026-11-01 09:50 mastodon 33
share 2026-11-16 18:20 bluesky 8

2026-11-01 10:15 fatima
    How do you answer somebody who is right, at length, and unkind? I moderate
    for a parents' group and I have never found the first sentence.

2026-11-09 19:33 eirik
    I run a small forum and I do not agree about the question at the end. When
    I ask one, people answer the question and not each other. What am I doing
    wrong?

2026-11-19 07:31 tomas
    Half a year ago I would have said that it was luck. Then I started to answer
    on the same evening. It is not luck. But how do you keep it up when there
    are forty of them?

2026-11-21 18:12 claire
    Is there a way to let a thread end? Ours do not die, they only become
    strange.

2026-11-22 13:02 siobhan waits
    You say that people do not argue with somebody whose name they know. Here
    everybody knows everybody's name, and you should hear us.

2026-11-23 20:05 adaeze
    I printed this for the people who answer letters at the clinic. They ask
    whether you would come and talk about it, by telephone if you like.


article /posts/the-conversation-below/ How the comments get into this page
published 2026-11-15 07:00
readers 62 4 5
from mastodon 6 dark 5 rss 4 search 2 hackernews 1 bluesky 2
of 56 22 26
share 2026-11-15 08:40 mastodon 58
share 2026-11-15 12:30 bluesky 16
share 2026-11-16 09:10 mastodon 31
share 2026-11-17 20:22 copy 4

2026-11-15 08:22 joan
    Porridge. I said I would be first.

2026-11-15 08:50 ruth > joan
    And with what on it?

2026-11-15 09:14 joan > ruth
    The last of the bottled plums, since you ask. You are not getting any.

2026-11-15 09:31 ruth > joan
    I know where the key is.

2026-11-15 10:05 jonas
    I switched JavaScript off to write this, and now I keep waiting for
    something to go wrong. Crispbread, with an egg.

2026-11-15 20:48 ruth > jonas
    Nothing went wrong. What would you have expected to break first?

2026-11-16 07:12 jonas > ruth
    The button. It is always the button. This one is only a button, that is
    what is strange about it.

2026-11-16 20:15 ruth > jonas
    I have waited years for somebody to say that about a button.

2026-11-15 12:41 priya
    Idli, and I looked at the source as you said. One element, and nothing in
    it that points to anybody else. Where do the replies go if your disk is
    full?

2026-11-15 21:02 ruth > priya
    Then you are told that it did not work, and your text is still in the form.
    The page itself arrives as ever, only without the thread.

2026-11-16 06:30 priya > ruth done
    So the page never waits for the comments. Good. I have been on the other
    side of that.

2026-11-15 14:20 maja
    What happens to what I write here when I am dead? I do not ask for dark
    reasons, I am an archivist.

2026-11-15 21:25 ruth > maja
    It stays in one file, on this machine and on a memory stick in the church
    safe. You can have it erased while you are alive. After that, I do not know.
    What would an archivist like?

2026-11-16 08:05 maja > ruth
    The memory stick, in the dark, and a piece of paper beside it that says how
    to read it. Paper is the part that everybody forgets.

2026-11-16 21:10 ruth > maja
    Joan has written it out in pencil, on the back of the opening hours.

2026-11-16 22:01 maja > ruth done
    Pencil! We would get on.

2026-11-16 12:10 sofia done
    Cold pizza. Replying to somebody else's breakfast next.

2026-11-16 12:14 sofia > joan
    What are bottled plums? Is it like jam, or like wine?

2026-11-16 13:40 joan > sofia
    Like fruit that has been told to wait. Sugar, water, an hour in the oven,
    a rubber ring.

2026-11-17 07:55 sofia > joan
    I have no rubber rings but I have a year.

2026-11-17 19:20 lerato
    Maize porridge with sour milk, and a question: can I have a feed of one
    thread only?

2026-11-17 21:30 ruth > lerato
    Yes, at the end of the thread. It is an ordinary feed, and it does not know
    who you are.

2026-11-18 19:05 lerato > ruth
    Found it. So this is how I know that you will answer.

2026-11-18 20:40 ruth > lerato
    Until tomorrow, that is. I shall be away for some days, and somebody else
    has the kettle.

2026-11-22 09:45 olena
    Buckwheat. It took me a week to answer because I had to think of a
    breakfast that was worth it.

2026-11-22 10:30 jonas > olena
    And was it?

2026-11-22 18:12 olena > jonas
    No. But the second one was.

2026-11-20 11:02 anneli
    When you write "no cookie", do you mean none for readers, or none at all? I
    see one after I comment.

2026-11-19 14:30 zeynep
    How do I change my name here? I have married since the last comment.

2026-11-21 16:20 chiara waits
    Is it possible to have this in Italian? My mother reads the bread pages with
    a dictionary.

2026-11-25 08:14 bilal reported
    Ful and bread. Which of you has the strangest breakfast? My money is on the
    pizza.


article /posts/first-frost/ First frost
published 2026-11-25 07:00
readers 8 1 4
from rss 5 dark 4 mastodon 2
of 20 0 0
