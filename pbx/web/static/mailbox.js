// A voice message that was heard to its end is no longer new, as on the telephone.
"use strict";

document.getElementById("player").addEventListener("ended", (event) => {
  for (const row of document.querySelectorAll("li[data-new]")) {
    if (new URL(event.target.src).pathname === `/mailbox/${row.dataset.new}/heard.wav`) {
      row.querySelector("button[id^=keep]").click();
    }
  }
});
