// The same menu with Node's ari-client, as its documentation shows how.
//
//     node with_node.js http://127.0.0.1:8088/ari USER PASSWORD APPLICATION

'use strict';
const client = require('ari-client');
const [base, user, password, app] = process.argv.slice(2);
const SOUND = 'sound:/vaxel/sounds/bench/';
const quiet = () => {};  // whoever hangs up meets an error of whatever was being asked

client.connect(base.replace(/\/ari$/, ''), user, password, (error, ari) => {
  if (error) throw error;
  ari.on('StasisStart', (event, channel) => {
    const welcome = ari.Playback();
    let done = false;
    const late = setTimeout(() => channel.hangup(quiet), 6000);
    channel.on('ChannelDtmfReceived', (key) => {
      if (done || key.digit !== '5') return;
      done = true;
      clearTimeout(late);
      welcome.stop(quiet);
      const goodbye = ari.Playback();
      goodbye.once('PlaybackFinished', () => channel.hangup(quiet));
      channel.play({media: SOUND + 'goodbye'}, goodbye, quiet);
    });
    channel.once('StasisEnd', () => clearTimeout(late));
    channel.play({media: SOUND + 'welcome'}, welcome, quiet);
  });
  ari.start(app, () => console.log('ready'));
});
