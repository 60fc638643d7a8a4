/** Domains where anybody can have a mailbox. Their owners let nobody else send for them: such mail is refused (DMARC). */
const freeMailDomains: ReadonlySet<string> = new Set(
  (
    "gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.co.jp yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.ca yahoo.in ymail.com " +
    "rocketmail.com aol.com outlook.com outlook.de outlook.fr hotmail.com hotmail.co.uk hotmail.de hotmail.fr hotmail.it live.com " +
    "live.co.uk live.nl msn.com icloud.com me.com mac.com gmx.de gmx.net gmx.com gmx.at gmx.ch web.de t-online.de freenet.de " +
    "mail.com mail.ru bk.ru list.ru inbox.ru yandex.ru yandex.com ya.ru rambler.ru protonmail.com proton.me pm.me tutanota.com " +
    "tuta.io zoho.com fastmail.com hey.com qq.com 163.com 126.com sina.com foxmail.com naver.com daum.net hanmail.net " +
    "orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it tin.it alice.it uol.com.br bol.com.br terra.com.br " +
    "seznam.cz wp.pl onet.pl o2.pl interia.pl abv.bg btinternet.com sky.com comcast.net verizon.net att.net cox.net sbcglobal.net " +
    "bellsouth.net charter.net earthlink.net shaw.ca rogers.com bigpond.com optusnet.com.au xtra.co.nz rediffmail.com"
  ).split(" "),
);

export function isFreeMail(domain: string): boolean {
  return freeMailDomains.has(domain.toLowerCase());
}
