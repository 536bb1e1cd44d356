"""modules.conf: every module that our configuration uses, and no other.

Guarded here: nothing is loaded because it lies in a directory. In particular nothing that starts programs
(app_system, func_shell, res_agi), nothing
that reads Diversion into a channel (res_pjsip_diversion), nothing that reads XML from the network
(res_pjsip_geolocation: one INVITE ends the process).
What a first carrier of another kind needs is there already (registration, SRTP), so that no switch must be started anew
for it; opus alone is loaded where a carrier or phone speaks it, since not every build has it.
"""

from __future__ import annotations

from telephony.trunk.files.ini import HEAD
from telephony.trunk.site import Site

CAPTURE = "res_hep_pjsip"
MODULES = (
    # SIP
    "res_sorcery_config",
    "res_sorcery_memory",
    "res_sorcery_astdb",
    "res_pjproject",
    "res_pjsip",
    "res_pjsip_pubsub",
    "res_pjsip_session",
    "res_hep",  # early: it hangs itself into the SIP stack, which complains where that is at work already
    CAPTURE,
    "res_pjsip_authenticator_digest",
    "res_pjsip_outbound_authenticator_digest",
    "res_pjsip_endpoint_identifier_ip",
    "res_pjsip_endpoint_identifier_user",
    "res_pjsip_registrar",
    "res_statsd",  # the next one needs it; it sends nothing
    "res_pjsip_outbound_registration",
    "res_pjsip_nat",
    "res_pjsip_caller_id",
    "res_pjsip_rfc3326",
    "res_pjsip_sdp_rtp",
    "res_pjsip_dtmf_info",
    "res_pjsip_header_funcs",
    "res_pjsip_messaging",
    "res_pjsip_refer",  # positions only: pjsip.conf
    "chan_pjsip",
    # media
    "res_timing_timerfd",
    "res_rtp_asterisk",
    "res_srtp",
    "bridge_simple",
    "bridge_native_rtp",
    "bridge_softmix",
    "bridge_builtin_features",
    "codec_alaw",
    "codec_ulaw",
    "codec_a_mu",
    "codec_g722",
    "codec_gsm",
    "codec_resample",
    "format_wav",
    "format_wav_gsm",
    "format_gsm",
    "format_pcm",
    # what AMI tells of phones
    "res_manager_devicestate",
    # a position's voice kept from the others
    "res_mutestream",
    # dialplan
    "pbx_config",
    "app_channelredirect",
    "app_chanspy",
    "app_confbridge",
    "app_dial",
    "app_originate",
    "app_playtones",
    "app_queue",
    "app_mixmonitor",
    "app_playback",
    "app_softhangup",
    "app_stack",
    "app_userevent",
    "func_base64",
    "func_callerid",
    "func_channel",
    "func_cut",
    "func_db",
    "func_devstate",
    "func_global",
    "func_dialplan",
    "func_logic",
    "func_strings",
    "func_talkdetect",
    "func_timeout",
    "func_uri",
)


OPUS = ("codec_opus_open_source", "res_format_attr_opus")


def modules_conf(site: Site) -> str:
    """The text of modules.conf."""
    spoken = {*site.phones.codecs, *(codec for carrier in site.carriers if carrier.enabled for codec in carrier.codecs)}
    unwanted = () if site.locations.listen else (CAPTURE,)  # it would complain that nothing is copied
    modules = (*(it for it in MODULES if it not in unwanted), *(OPUS if "opus" in spoken else ()))
    loads = "".join(f"load = {module}.so\n" for module in modules)
    return f"{HEAD}\n[modules]\nautoload = no\n{loads}"
