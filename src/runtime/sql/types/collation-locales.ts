// Locales that ICU has an order of its own for, as Spark names collations (language, script, country of three letters) and, where that differs, after `=`
// as BCP 47 has them. Source: CollationFactory of Spark 4.2 over com.ibm.icu:icu4j:77.1, Collator.getAvailableULocales().
const NAMES = `
  UNICODE=und af am ar ar_SAU=ar-SA as az be bg bn bo br bs bs_Cyrl=bs-Cyrl ca ceb chr cs cy da de de_AUT=de-AT dsb dz ee el en en_USA=en-US eo es et fa
  fa_AFG=fa-AF ff ff_Adlm=ff-Adlm fi fil fo fr fr_CAN=fr-CA fy ga gl gu ha haw he he_ISR=he-IL hi hr hsb hu hy id id_IDN=id-ID ig is it ja ka kk kl km
  kn ko kok ku ky lb lij lkt ln lo lt lv mk ml mn mr ms mt my nb nb_NOR=nb-NO ne nl nn no nso om or pa pa_Guru=pa-Guru pa_Guru_IND=pa-Guru-IN pl ps pt
  ro ru sa se si sk sl smn sq sr sr_Cyrl=sr-Cyrl sr_Cyrl_BIH=sr-Cyrl-BA sr_Cyrl_MNE=sr-Cyrl-ME sr_Cyrl_SRB=sr-Cyrl-RS sr_Latn=sr-Latn
  sr_Latn_BIH=sr-Latn-BA sr_Latn_SRB=sr-Latn-RS st sv sw ta te th tk tn to tr ug uk ur uz vi wae wo xh yi yo zh zh_Hans=zh-Hans zh_Hans_CHN=zh-Hans-CN
  zh_Hans_SGP=zh-Hans-SG zh_Hant=zh-Hant zh_Hant_HKG=zh-Hant-HK zh_Hant_MAC=zh-Hant-MO zh_Hant_TWN=zh-Hant-TW zu
`;

export const COLLATION_LOCALES: readonly (readonly [name: string, tag: string])[] = NAMES.trim()
  .split(/\s+/)
  .map((entry) => entry.split('='))
  .map(([name, tag = name]) => [name!, tag!]);
