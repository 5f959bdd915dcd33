// All that the browser phone needs of JsSIP, as one file that a page can load.
import JsSIP from "jssip";
globalThis.JsSIP = JsSIP;
