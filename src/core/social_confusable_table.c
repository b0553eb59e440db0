
/*
 * The letters of the Latin, Greek and Cyrillic scripts for which Unicode's
 * confusables.txt (UTS 39, version 10) or the compatibility decomposition has
 * another form, without accents and in lower case; and their cases.
 */

#include "social_confusable_table.h"


const social_confusable_row_t  social_confusable_rows[] = {
    { u"a",
      u"\u00aa\u00c0\u00c1\u00c2\u00c3\u00c4\u00c5\u00e0\u00e1\u00e2"
      u"\u00e3\u00e4\u00e5\u0100\u0101\u0102\u0103\u0104\u0105\u01cd"
      u"\u01ce\u01de\u01df\u01e0\u01e1\u01fa\u01fb\u0200\u0201\u0202"
      u"\u0203\u0226\u0227\u0251\u0386\u0391\u03ac\u03b1\u0410\u0430"
      u"\u04d0\u04d1\u04d2\u04d3\u1d2c\u1d43\u1d45\u1e00\u1e01\u1ea0"
      u"\u1ea1\u1ea2\u1ea3\u1ea4\u1ea5\u1ea6\u1ea7\u1ea8\u1ea9\u1eaa"
      u"\u1eab\u1eac\u1ead\u1eae\u1eaf\u1eb0\u1eb1\u1eb2\u1eb3\u1eb4"
      u"\u1eb5\u1eb6\u1eb7\u1f00\u1f01\u1f02\u1f03\u1f04\u1f05\u1f06"
      u"\u1f07\u1f08\u1f09\u1f0a\u1f0b\u1f0c\u1f0d\u1f0e\u1f0f\u1f70"
      u"\u1f71\u1f80\u1f81\u1f82\u1f83\u1f84\u1f85\u1f86\u1f87\u1f88"
      u"\u1f89\u1f8a\u1f8b\u1f8c\u1f8d\u1f8e\u1f8f\u1fb0\u1fb1\u1fb2"
      u"\u1fb3\u1fb4\u1fb6\u1fb7\u1fb8\u1fb9\u1fba\u1fbb\u1fbc" },
    { u"b",
      u"\u0180\u0182\u0183\u0184\u0253\u0392\u0411\u0412\u042c\u0462"
      u"\u0463\u048c\u048d\u1d2e\u1d47\u1e02\u1e03\u1e04\u1e05\u1e06"
      u"\u1e07\ua7b4" },
    { u"c",
      u"\u00c7\u00e7\u0106\u0107\u0108\u0109\u010a\u010b\u010c\u010d"
      u"\u023c\u0421\u0441\u04aa\u04ab\u1d04\u1d9c\u1e08\u1e09\ua7f2" },
    { u"d",
      u"\u00d0\u010e\u010f\u0110\u0111\u0189\u018c\u0256\u0257\u0501"
      u"\u1d30\u1d48\u1e0a\u1e0b\u1e0c\u1e0d\u1e0e\u1e0f\u1e10\u1e11"
      u"\u1e12\u1e13" },
    { u"e",
      u"\u00c8\u00c9\u00ca\u00cb\u00e8\u00e9\u00ea\u00eb\u0112\u0113"
      u"\u0114\u0115\u0116\u0117\u0118\u0119\u011a\u011b\u0204\u0205"
      u"\u0206\u0207\u0228\u0229\u0246\u0247\u0388\u0395\u0400\u0401"
      u"\u0415\u0435\u0450\u0451\u04bd\u04bf\u04d6\u04d7\u1d31\u1d49"
      u"\u1e14\u1e15\u1e16\u1e17\u1e18\u1e19\u1e1a\u1e1b\u1e1c\u1e1d"
      u"\u1eb8\u1eb9\u1eba\u1ebb\u1ebc\u1ebd\u1ebe\u1ebf\u1ec0\u1ec1"
      u"\u1ec2\u1ec3\u1ec4\u1ec5\u1ec6\u1ec7\u1f18\u1f19\u1f1a\u1f1b"
      u"\u1f1c\u1f1d\u1fc8\u1fc9\uab32" },
    { u"f",
      u"\u0191\u0192\u03dc\u1d6e\u1da0\u1e1e\u1e1f\u1e9d\ua798\ua799"
      u"\ua7f3\uab35" },
    { u"g",
      u"\u011c\u011d\u011e\u011f\u0120\u0121\u0122\u0123\u018d\u01e4"
      u"\u01e5\u01e6\u01e7\u01f4\u01f5\u0260\u0261\u050c\u1d33\u1d4d"
      u"\u1d83\u1da2\u1e20\u1e21" },
    { u"h",
      u"\u0124\u0125\u0126\u0127\u021e\u021f\u0266\u0389\u0397\u041d"
      u"\u045b\u04a2\u04bb\u04c7\u04c9\u1d34\u1e22\u1e23\u1e24\u1e25"
      u"\u1e26\u1e27\u1e28\u1e29\u1e2a\u1e2b\u1e96\u1f28\u1f29\u1f2a"
      u"\u1f2b\u1f2c\u1f2d\u1f2e\u1f2f\u1f98\u1f99\u1f9a\u1f9b\u1f9c"
      u"\u1f9d\u1f9e\u1f9f\u1fca\u1fcb\u1fcc\u2c67\ua695\ua7f8" },
    { u"i",
      u"\u00cc\u00cd\u00ce\u00cf\u00ec\u00ed\u00ee\u00ef\u0128\u0129"
      u"\u012a\u012b\u012c\u012d\u012e\u012f\u0130\u0131\u01cf\u01d0"
      u"\u0208\u0209\u020a\u020b\u0268\u0269\u026a\u0390\u03af\u03b9"
      u"\u03ca\u0456\u0457\u04cf\u1d35\u1d62\u1d7b\u1d7c\u1da4\u1da5"
      u"\u1da6\u1da7\u1e2c\u1e2d\u1e2e\u1e2f\u1ec8\u1ec9\u1eca\u1ecb"
      u"\u1f30\u1f31\u1f32\u1f33\u1f34\u1f35\u1f36\u1f37\u1f76\u1f77"
      u"\u1fbe\u1fd0\u1fd1\u1fd2\u1fd3\u1fd6\u1fd7\ua647" },
    { u"j",
      u"\u0134\u0135\u01f0\u0248\u0249\u037f\u03f3\u0408\u0458\u1d36"
      u"\u2c7c\ua7b2" },
    { u"k",
      u"\u0136\u0137\u0199\u01e8\u01e9\u039a\u040c\u041a\u049a\u049e"
      u"\u1d37\u1d4f\u1e30\u1e31\u1e32\u1e33\u1e34\u1e35\u2c69\ua740" },
    { u"l",
      u"\u0139\u013a\u013b\u013c\u013d\u013e\u0141\u0142\u0196\u0197"
      u"\u019a\u01c0\u026b\u026d\u038a\u0399\u03aa\u0406\u0407\u04c0"
      u"\u1d38\u1da9\u1e36\u1e37\u1e38\u1e39\u1e3a\u1e3b\u1e3c\u1e3d"
      u"\u1f38\u1f39\u1f3a\u1f3b\u1f3c\u1f3d\u1f3e\u1f3f\u1fd8\u1fd9"
      u"\u1fda\u1fdb\uab5e" },
    { u"m",
      u"\u039c\u03fa\u041c\u04cd\u1d39\u1d50\u1e3e\u1e3f\u1e40\u1e41"
      u"\u1e42\u1e43" },
    { u"n",
      u"\u00d1\u00f1\u0143\u0144\u0145\u0146\u0147\u0148\u019d\u019e"
      u"\u01f8\u01f9\u0273\u039d\u03ae\u03b7\u1d3a\u1d70\u1daf\u1e44"
      u"\u1e45\u1e46\u1e47\u1e48\u1e49\u1e4a\u1e4b\u1f20\u1f21\u1f22"
      u"\u1f23\u1f24\u1f25\u1f26\u1f27\u1f74\u1f75\u1f90\u1f91\u1f92"
      u"\u1f93\u1f94\u1f95\u1f96\u1f97\u1fc2\u1fc3\u1fc4\u1fc6\u1fc7" },
    { u"o",
      u"\u00ba\u00d2\u00d3\u00d4\u00d5\u00d6\u00d8\u00f2\u00f3\u00f4"
      u"\u00f5\u00f6\u00f8\u014c\u014d\u014e\u014f\u0150\u0151\u019f"
      u"\u01a0\u01a1\u01d1\u01d2\u01ea\u01eb\u01ec\u01ed\u01fe\u01ff"
      u"\u020c\u020d\u020e\u020f\u022a\u022b\u022c\u022d\u022e\u022f"
      u"\u0230\u0231\u0275\u038c\u0398\u039f\u03b8\u03bf\u03c3\u03cc"
      u"\u03d1\u03f4\u041e\u043e\u0472\u0473\u04e6\u04e7\u04e8\u04e9"
      u"\u04ea\u04eb\u1d0f\u1d11\u1d3c\u1d52\u1db1\u1dbf\u1e4c\u1e4d"
      u"\u1e4e\u1e4f\u1e50\u1e51\u1e52\u1e53\u1ecc\u1ecd\u1ece\u1ecf"
      u"\u1ed0\u1ed1\u1ed2\u1ed3\u1ed4\u1ed5\u1ed6\u1ed7\u1ed8\u1ed9"
      u"\u1eda\u1edb\u1edc\u1edd\u1ede\u1edf\u1ee0\u1ee1\u1ee2\u1ee3"
      u"\u1f40\u1f41\u1f42\u1f43\u1f44\u1f45\u1f48\u1f49\u1f4a\u1f4b"
      u"\u1f4c\u1f4d\u1f78\u1f79\u1ff8\u1ff9\ua74a\ua74b\uab3d\uab3e" },
    { u"p",
      u"\u01a5\u03a1\u03c1\u03f1\u0420\u0440\u1d3e\u1d56\u1d68\u1d7d"
      u"\u1e54\u1e55\u1e56\u1e57\u1fe4\u1fe5\u1fec" },
    { u"q", u"\u02a0\u051b\ua7f4" },
    { u"r",
      u"\u0154\u0155\u0156\u0157\u0158\u0159\u01a6\u0210\u0211\u0212"
      u"\u0213\u024d\u027c\u027d\u0433\u0453\u0493\u1d26\u1d3f\u1d63"
      u"\u1d72\u1e58\u1e59\u1e5a\u1e5b\u1e5c\u1e5d\u1e5e\u1e5f\uab47"
      u"\uab48" },
    { u"s",
      u"\u015a\u015b\u015c\u015d\u015e\u015f\u0160\u0161\u017f\u01bd"
      u"\u0218\u0219\u0282\u0405\u0455\u1d74\u1db3\u1e60\u1e61\u1e62"
      u"\u1e63\u1e64\u1e65\u1e66\u1e67\u1e68\u1e69\u1e9b\ua731" },
    { u"t",
      u"\u0162\u0163\u0164\u0165\u0166\u0167\u01ad\u01ae\u021a\u021b"
      u"\u023e\u03a4\u0422\u04ac\u1d40\u1d57\u1d75\u1e6a\u1e6b\u1e6c"
      u"\u1e6d\u1e6e\u1e6f\u1e70\u1e71\u1e97" },
    { u"u",
      u"\u00d9\u00da\u00db\u00dc\u00f9\u00fa\u00fb\u00fc\u0168\u0169"
      u"\u016a\u016b\u016c\u016d\u016e\u016f\u0170\u0171\u0172\u0173"
      u"\u01af\u01b0\u01d3\u01d4\u01d5\u01d6\u01d7\u01d8\u01d9\u01da"
      u"\u01db\u01dc\u0214\u0215\u0216\u0217\u0244\u028b\u03b0\u03c5"
      u"\u03cb\u03cd\u1d1c\u1d41\u1d58\u1d64\u1d7e\u1db8\u1db9\u1e72"
      u"\u1e73\u1e74\u1e75\u1e76\u1e77\u1e78\u1e79\u1e7a\u1e7b\u1ee4"
      u"\u1ee5\u1ee6\u1ee7\u1ee8\u1ee9\u1eea\u1eeb\u1eec\u1eed\u1eee"
      u"\u1eef\u1ef0\u1ef1\u1f50\u1f51\u1f52\u1f53\u1f54\u1f55\u1f56"
      u"\u1f57\u1f7a\u1f7b\u1fe0\u1fe1\u1fe2\u1fe3\u1fe6\u1fe7\ua79f"
      u"\uab4e\uab52\uab5f" },
    { u"v",
      u"\u03bd\u0474\u0475\u0476\u0477\u1d20\u1d5b\u1d65\u1e7c\u1e7d"
      u"\u1e7e\u1e7f\u2c7d" },
    { u"w",
      u"\u0174\u0175\u026f\u0461\u047d\u051c\u051d\u1d21\u1d42\u1d5a"
      u"\u1e80\u1e81\u1e82\u1e83\u1e84\u1e85\u1e86\u1e87\u1e88\u1e89"
      u"\u1e98\ua761" },
    { u"x", u"\u03a7\u0425\u0445\u04b2\u1e8a\u1e8b\u1e8c\u1e8d\ua7b3" },
    { u"y",
      u"\u00dd\u00fd\u00ff\u0176\u0177\u0178\u01b4\u0232\u0233\u024e"
      u"\u024f\u0263\u028f\u038e\u03a5\u03ab\u03b3\u03d2\u03d3\u03d4"
      u"\u040e\u0423\u0443\u045e\u04ae\u04af\u04b0\u04b1\u04ee\u04ef"
      u"\u04f0\u04f1\u04f2\u04f3\u1d5e\u1d67\u1d8c\u1e8e\u1e8f\u1e99"
      u"\u1ef2\u1ef3\u1ef4\u1ef5\u1ef6\u1ef7\u1ef8\u1ef9\u1eff\u1f59"
      u"\u1f5b\u1f5d\u1f5f\u1fe8\u1fe9\u1fea\u1feb\uab5a" },
    { u"z",
      u"\u0179\u017a\u017b\u017c\u017d\u017e\u01b5\u01b6\u0224\u0225"
      u"\u0290\u0396\u1d22\u1d76\u1dbb\u1dbc\u1e90\u1e91\u1e92\u1e93"
      u"\u1e94\u1e95" },
    { u"\u00b7", u"\ua78f" },
    { u"\u00de", u"\u03f7" },
    { u"\u00df", u"\u03b2\u03d0\u1d5d\u1d66\ua7b5" },
    { u"\u00fe", u"\u01bf\u03f8" },
    { u"\u0138", u"\u03ba\u03f0\u043a\u045c\u049b\u049f\u1d0b" },
    { u"\u014b", u"\u1d51" },
    { u"\u0185", u"\u044c\ua69d" },
    { u"\u0186", u"\u03fd" },
    { u"\u018e", u"\u1d32" },
    { u"\u018f", u"\u04d8\u04da" },
    { u"\u0190", u"\u0510" },
    { u"\u01a8", u"\u1d24\ua645" },
    { u"\u01a9", u"\u03a3\u03f9" },
    { u"\u01ab", u"\u1db5" },
    { u"\u01dd", u"\u0259\u04d9\u04db\u1d4a" },
    { u"\u01f6", u"\u050a" },
    { u"\u021d", u"\u01ef\u0292\u04e1\u1dbe\ua76b" },
    { u"\u0245", u"\u039b\u041b\u04c5" },
    { u"\u024b", u"\u1d90" },
    { u"\u0250", u"\u1d44" },
    { u"\u0252", u"\u1d9b" },
    { u"\u0254", u"\u037b\u1d10\u1d53\uab3f" },
    { u"\u0255", u"\u1d9d" },
    { u"\u025c", u"\u0437\u0499\u04df\u1d08\u1d4c\u1d9f" },
    { u"\u025f", u"\u1da1" },
    { u"\u0262", u"\u050d" },
    { u"\u0265", u"\u1da3" },
    { u"\u0270", u"\u1dad" },
    { u"\u0272", u"\u1dae" },
    { u"\u0274", u"\u1db0" },
    { u"\u0278", u"\u03c6\u03d5\u0444\u1d60\u1d69\u1db2" },
    { u"\u027e", u"\u1d73" },
    { u"\u0283", u"\u1db4\uab4d" },
    { u"\u0289", u"\u1db6" },
    { u"\u028a", u"\u1d7f\u1db7" },
    { u"\u028c", u"\u1d27\u1dba" },
    { u"\u028d", u"\u043c\u04ce\u1d0d\uab69" },
    { u"\u0291", u"\u1dbd" },
    { u"\u0298", u"\ua668" },
    { u"\u0299", u"\u0432" },
    { u"\u029a", u"\ua79d" },
    { u"\u029c", u"\u043d\u04a3\u04c8\u04ca\u1d78" },
    { u"\u029d", u"\u1da8" },
    { u"\u029f", u"\u1dab" },
    { u"\u0393", u"\u0403\u0413\u0492" },
    { u"\u03a0", u"\u041f" },
    { u"\u03a6", u"\u0424" },
    { u"\u03a8", u"\u0470" },
    { u"\u03a9",
      u"\u038f\u1f68\u1f69\u1f6a\u1f6b\u1f6c\u1f6d\u1f6e\u1f6f\u1fa8"
      u"\u1fa9\u1faa\u1fab\u1fac\u1fad\u1fae\u1faf\u1ffa\u1ffb\u1ffc" },
    { u"\u03c0", u"\u03d6\u043f\u1d28" },
    { u"\u03c2", u"\u03db\u03f2" },
    { u"\u03c7", u"\u1d61\u1d6a\uab53\uab55" },
    { u"\u03c8", u"\u0471" },
    { u"\u03c9",
      u"\u03ce\u1f60\u1f61\u1f62\u1f63\u1f64\u1f65\u1f66\u1f67\u1f7c"
      u"\u1f7d\u1fa0\u1fa1\u1fa2\u1fa3\u1fa4\u1fa5\u1fa6\u1fa7\u1ff2"
      u"\u1ff3\u1ff4\u1ff6\u1ff7\ua64d\ua7b7" },
    { u"\u0416", u"\u0496\u04c1\u04dc" },
    { u"\u0418", u"\u0376\u040d\u0419\u048a\u04e2\u04e4" },
    { u"\u0427", u"\u04f4" },
    { u"\u042d", u"\u04ec" },
    { u"\u0436", u"\u0497\u04c2\u04dd" },
    { u"\u043b", u"\u04c6\u1d2b" },
    { u"\u0447", u"\u04f5" },
    { u"\u044d", u"\u04ed" },
    { u"\u0459", u"\uab60" },
    { u"\u0460", u"\u047c" },
    { u"\u04b6", u"\u04cb" },
    { u"\u04b7", u"\u04cc" },
    { u"\u04bc", u"\u04be" },
    { u"\u1d02", u"\u1d46" },
    { u"\u1d0e", u"\u0377\u0438\u0439\u045d\u048b\u04e3\u04e5" },
    { u"\u1d16", u"\u1d54" },
    { u"\u1d17", u"\u1d55" },
    { u"\u1d18", u"\u1d29" },
    { u"\u1d19", u"\u044f" },
    { u"\u1d1b", u"\u03c4\u0442\u04ad" },
    { u"\u1d1d", u"\u1d59" },
    { u"\u1d25", u"\u1d5c" },
    { u"\u1d85", u"\u1daa" },
    { u"\u1e9f", u"\u03b4\u1d5f" },
    { u"\u2c75", u"\u0370" },
    { u"\ua64c", u"\ua7b6" },
    { u"\ua727", u"\ua795\uab5c" },
    { u"\ua73e", u"\u03ff" },
    { u"\ua73f", u"\u037d" },
    { u"\ua76f", u"\ua770" },
    { u"\ua779", u"\ua77a" },
    { u"\ua792", u"\u0404" },
    { u"\ua793",
      u"\u025b\u03ad\u03b5\u03f5\u0454\u0511\u1d4b\u1f10\u1f11\u1f12"
      u"\u1f13\u1f14\u1f15\u1f72\u1f73" },
    { u"\uab37", u"\uab5d" },
    { u"a'", u"\u1e9a" },
    { u"aa", u"\ua732\ua733" },
    { u"ae", u"\u00c6\u00e6\u01e2\u01e3\u01fc\u01fd\u04d4\u04d5\u1d2d" },
    { u"ao", u"\ua734\ua735" },
    { u"au", u"\ua736\ua737" },
    { u"av", u"\ua738\ua739\ua73a\ua73b" },
    { u"ay", u"\ua73c\ua73d" },
    { u"bl", u"\u042b\u04f8" },
    { u"c'", u"\u0187" },
    { u"dz", u"\u01c4\u01c5\u01c6\u01f1\u01f2\u01f3\u02a3" },
    { u"d\u021d", u"\u02a4" },
    { u"d\u0291", u"\u02a5" },
    { u"f\u014b", u"\u02a9" },
    { u"g'", u"\u0193" },
    { u"ij", u"\u0132\u0133" },
    { u"k'", u"\u0198" },
    { u"lj", u"\u01c7\u01c8\u01c9" },
    { u"ll", u"\u01c1" },
    { u"lo", u"\u042e" },
    { u"ls", u"\u02aa" },
    { u"lz", u"\u02ab" },
    { u"l\u00b7", u"\u013f\u0140" },
    { u"l\u021d", u"\u026e" },
    { u"nj", u"\u01ca\u01cb\u01cc" },
    { u"oe", u"\u0152\u0153\ua7f9" },
    { u"oo", u"\ua698\ua699\ua74e\ua74f" },
    { u"o\u1d07", u"\u0276" },
    { u"r'", u"\u0491" },
    { u"rn", u"\u0271\u1d6f\u1dac" },
    { u"t3", u"\ua728" },
    { u"tf", u"\ua777" },
    { u"ts", u"\u02a6" },
    { u"t\u021d", u"\ua729" },
    { u"t\u0255", u"\u02a8" },
    { u"t\u0283", u"\u02a7" },
    { u"ue", u"\u1d6b" },
    { u"uo", u"\uab63" },
    { u"\u0185i", u"\u044b\u04f9" },
    { u"\u01ddo", u"\u1d14\uab41\uab42" },
    { u"\u01dd\u02de", u"\u025a" },
    { u"\u0254e", u"\uab62" },
    { u"\u0393'", u"\u0490" },
    { u"\u042al", u"\ua650" }
};


const social_confusable_case_t  social_confusable_cases[] = {
    { 0x00c0, 0x00d6, 1, 32 }, { 0x00d8, 0x00de, 1, 32 },
    { 0x0100, 0x012e, 2, 1 }, { 0x0132, 0x0136, 2, 1 },
    { 0x0139, 0x0147, 2, 1 }, { 0x014a, 0x0176, 2, 1 },
    { 0x0178, 0x0178, 1, -121 }, { 0x0179, 0x017d, 2, 1 },
    { 0x0181, 0x0181, 1, 210 }, { 0x0182, 0x0184, 2, 1 },
    { 0x0186, 0x0186, 1, 206 }, { 0x0187, 0x0187, 1, 1 },
    { 0x0189, 0x018a, 1, 205 }, { 0x018b, 0x018b, 1, 1 },
    { 0x018e, 0x018e, 1, 79 }, { 0x018f, 0x018f, 1, 202 },
    { 0x0190, 0x0190, 1, 203 }, { 0x0191, 0x0191, 1, 1 },
    { 0x0193, 0x0193, 1, 205 }, { 0x0194, 0x0194, 1, 207 },
    { 0x0196, 0x0196, 1, 211 }, { 0x0197, 0x0197, 1, 209 },
    { 0x0198, 0x0198, 1, 1 }, { 0x019c, 0x019c, 1, 211 },
    { 0x019d, 0x019d, 1, 213 }, { 0x019f, 0x019f, 1, 214 },
    { 0x01a0, 0x01a4, 2, 1 }, { 0x01a6, 0x01a6, 1, 218 },
    { 0x01a7, 0x01a7, 1, 1 }, { 0x01a9, 0x01a9, 1, 218 },
    { 0x01ac, 0x01ac, 1, 1 }, { 0x01ae, 0x01ae, 1, 218 },
    { 0x01af, 0x01af, 1, 1 }, { 0x01b1, 0x01b2, 1, 217 },
    { 0x01b3, 0x01b5, 2, 1 }, { 0x01b7, 0x01b7, 1, 219 },
    { 0x01b8, 0x01b8, 1, 1 }, { 0x01bc, 0x01bc, 1, 1 },
    { 0x01c4, 0x01c4, 1, 2 }, { 0x01c5, 0x01c5, 1, 1 },
    { 0x01c7, 0x01c7, 1, 2 }, { 0x01c8, 0x01c8, 1, 1 },
    { 0x01ca, 0x01ca, 1, 2 }, { 0x01cb, 0x01db, 2, 1 },
    { 0x01de, 0x01ee, 2, 1 }, { 0x01f1, 0x01f1, 1, 2 },
    { 0x01f2, 0x01f4, 2, 1 }, { 0x01f6, 0x01f6, 1, -97 },
    { 0x01f7, 0x01f7, 1, -56 }, { 0x01f8, 0x021e, 2, 1 },
    { 0x0220, 0x0220, 1, -130 }, { 0x0222, 0x0232, 2, 1 },
    { 0x023a, 0x023a, 1, 10795 }, { 0x023b, 0x023b, 1, 1 },
    { 0x023d, 0x023d, 1, -163 }, { 0x023e, 0x023e, 1, 10792 },
    { 0x0241, 0x0241, 1, 1 }, { 0x0243, 0x0243, 1, -195 },
    { 0x0244, 0x0244, 1, 69 }, { 0x0245, 0x0245, 1, 71 },
    { 0x0246, 0x024e, 2, 1 }, { 0x0370, 0x0372, 2, 1 },
    { 0x0376, 0x0376, 1, 1 }, { 0x037f, 0x037f, 1, 116 },
    { 0x0386, 0x0386, 1, 38 }, { 0x0388, 0x038a, 1, 37 },
    { 0x038c, 0x038c, 1, 64 }, { 0x038e, 0x038f, 1, 63 },
    { 0x0391, 0x03a1, 1, 32 }, { 0x03a3, 0x03ab, 1, 32 },
    { 0x03cf, 0x03cf, 1, 8 }, { 0x03d8, 0x03e0, 2, 1 },
    { 0x03f4, 0x03f4, 1, -60 }, { 0x03f7, 0x03f7, 1, 1 },
    { 0x03f9, 0x03f9, 1, -7 }, { 0x03fa, 0x03fa, 1, 1 },
    { 0x03fd, 0x03ff, 1, -130 }, { 0x0400, 0x040f, 1, 80 },
    { 0x0410, 0x042f, 1, 32 }, { 0x0460, 0x0480, 2, 1 },
    { 0x048a, 0x04be, 2, 1 }, { 0x04c0, 0x04c0, 1, 15 },
    { 0x04c1, 0x04cd, 2, 1 }, { 0x04d0, 0x052e, 2, 1 },
    { 0x1e00, 0x1e94, 2, 1 }, { 0x1e9e, 0x1e9e, 1, -7615 },
    { 0x1ea0, 0x1efe, 2, 1 }, { 0x1f08, 0x1f0f, 1, -8 },
    { 0x1f18, 0x1f1d, 1, -8 }, { 0x1f28, 0x1f2f, 1, -8 },
    { 0x1f38, 0x1f3f, 1, -8 }, { 0x1f48, 0x1f4d, 1, -8 },
    { 0x1f59, 0x1f5f, 2, -8 }, { 0x1f68, 0x1f6f, 1, -8 },
    { 0x1f88, 0x1f8f, 1, -8 }, { 0x1f98, 0x1f9f, 1, -8 },
    { 0x1fa8, 0x1faf, 1, -8 }, { 0x1fb8, 0x1fb9, 1, -8 },
    { 0x1fba, 0x1fbb, 1, -74 }, { 0x1fbc, 0x1fbc, 1, -9 },
    { 0x1fc8, 0x1fcb, 1, -86 }, { 0x1fcc, 0x1fcc, 1, -9 },
    { 0x1fd8, 0x1fd9, 1, -8 }, { 0x1fda, 0x1fdb, 1, -100 },
    { 0x1fe8, 0x1fe9, 1, -8 }, { 0x1fea, 0x1feb, 1, -112 },
    { 0x1fec, 0x1fec, 1, -7 }, { 0x1ff8, 0x1ff9, 1, -128 },
    { 0x1ffa, 0x1ffb, 1, -126 }, { 0x1ffc, 0x1ffc, 1, -9 },
    { 0x2c60, 0x2c60, 1, 1 }, { 0x2c62, 0x2c62, 1, -10743 },
    { 0x2c63, 0x2c63, 1, -3814 }, { 0x2c64, 0x2c64, 1, -10727 },
    { 0x2c67, 0x2c6b, 2, 1 }, { 0x2c6d, 0x2c6d, 1, -10780 },
    { 0x2c6e, 0x2c6e, 1, -10749 }, { 0x2c6f, 0x2c6f, 1, -10783 },
    { 0x2c70, 0x2c70, 1, -10782 }, { 0x2c72, 0x2c72, 1, 1 },
    { 0x2c75, 0x2c75, 1, 1 }, { 0x2c7e, 0x2c7f, 1, -10815 },
    { 0xa640, 0xa66c, 2, 1 }, { 0xa680, 0xa69a, 2, 1 },
    { 0xa722, 0xa72e, 2, 1 }, { 0xa732, 0xa76e, 2, 1 },
    { 0xa779, 0xa77b, 2, 1 }, { 0xa77d, 0xa77d, 1, -35332 },
    { 0xa77e, 0xa786, 2, 1 }, { 0xa78b, 0xa78b, 1, 1 },
    { 0xa78d, 0xa78d, 1, -42280 }, { 0xa790, 0xa792, 2, 1 },
    { 0xa796, 0xa7a8, 2, 1 }, { 0xa7aa, 0xa7aa, 1, -42308 },
    { 0xa7ab, 0xa7ab, 1, -42319 }, { 0xa7ac, 0xa7ac, 1, -42315 },
    { 0xa7ad, 0xa7ad, 1, -42305 }, { 0xa7ae, 0xa7ae, 1, -42308 },
    { 0xa7b0, 0xa7b0, 1, -42258 }, { 0xa7b1, 0xa7b1, 1, -42282 },
    { 0xa7b2, 0xa7b2, 1, -42261 }, { 0xa7b3, 0xa7b3, 1, 928 },
    { 0xa7b4, 0xa7c2, 2, 1 }, { 0xa7c4, 0xa7c4, 1, -48 },
    { 0xa7c5, 0xa7c5, 1, -42307 }, { 0xa7c6, 0xa7c6, 1, -35384 },
    { 0xa7c7, 0xa7c9, 2, 1 }, { 0xa7d0, 0xa7d0, 1, 1 },
    { 0xa7d6, 0xa7d8, 2, 1 }, { 0xa7f5, 0xa7f5, 1, 1 }
};


const size_t  social_confusable_nrows = social_nelts(social_confusable_rows);
const size_t  social_confusable_ncases = social_nelts(social_confusable_cases);
