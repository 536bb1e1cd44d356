"""What core and consoles say to each other, and under which names in Redis. Versioned: the core speaks N and N-1.

``st:<view>`` holds every event in order (id ``epoch-seq``), ``st:<view>:snapshot`` a whole state to start from,
``st:<view>:beat`` the pulse with the newest sequence and checksum, ``st:live`` last values that are not journalled
(trunk health, phones, channel counts). Commands go by ``cmd:<user>``, replies come by ``rep:<user>``.
"""
