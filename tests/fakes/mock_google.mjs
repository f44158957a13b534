// npm's oauth2-mock-server with what Google says besides: a verified e-mail. Prints its address.
// Lines on stdin are the e-mails of whoever sits before the browser next.
import { OAuth2Server } from "oauth2-mock-server";
import { createInterface } from "node:readline";

const server = new OAuth2Server();
await server.issuer.keys.generate("RS256");
let email = "ana@studio.example";
server.service.on("beforeTokenSigning", (token) => {
  Object.assign(token.payload, { email, email_verified: true, name: "Somebody" });
});
await server.start(0, "127.0.0.1");
server.issuer.url = `http://127.0.0.1:${server.address().port}`;
console.log(server.issuer.url);
const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  email = line;
  console.log(line);
});
lines.on("close", () => server.stop());
