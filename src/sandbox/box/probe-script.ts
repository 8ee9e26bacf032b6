// What a sandbox has to show before it is used: a script that tries to get out, and how its words are judged.

const tryNetwork = `
exec 2>/dev/null
echo "nonce $1"
(exec 3<>/dev/tcp/127.0.0.1/$2) && echo 'escaped: connected to a port of the machine'
while read -r name _; do case $name in lo:*|Inter*|face*) ;; *) echo "escaped: has the network device $name" ;; esac; done </proc/net/dev
`;

/** The part of `probeScript` that is about the network, with its first two arguments: for the network that commands share. */
export const networkProbeScript = `${tryNetwork}echo "end $1"
`;

/**
 * For bash, run inside. Arguments: nonce, port that listens on the machine's loopback, a file of the machine that must not be
 * there. In an overlay the tree has the files `kept`, `gone` and `folder/in` of a layer below. What it says is judged outside; it says each thing that it could do and should not.
 */
export const probeScript = `${tryNetwork}[ -e "$3" ] && echo 'escaped: sees a file of the machine'
[ -e "\${3%/*}" ] && echo 'escaped: sees a folder of the machine'
for place in / /usr /etc /ai; do (: >"$place/ai-implement-probe") && { echo "escaped: wrote to $place"; rm -f "$place/ai-implement-probe"; }; done
for place in "$PWD" "$HOME" "$TMPDIR"; do (: >"$place/.ai-implement-probe") || echo "broken: cannot write to $place"; rm -f "$place/.ai-implement-probe"; done
while read -r key value; do case $key in
  NoNewPrivs:) [ "$value" = 1 ] || echo 'escaped: may gain privileges' ;;
  CapEff:|CapPrm:|CapBnd:|CapAmb:) case $value in *[!0]*) echo "escaped: has capabilities ($key $value)" ;; esac ;;
esac; done </proc/self/status
if [ -e kept ]; then
  rm gone && mv folder/in folder/out && echo written >fresh && echo more >>kept &&
    [ ! -e gone ] && [ "$(cat folder/out kept fresh | tr '\\n' ' ')" = 'below below more written ' ] && echo 'overlay works'
fi
for process in /proc/[0-9]*; do printf 'environment '; tr '\\0' '\\1' <$process/environ; echo; done
echo "end $1"
`;

export interface ProbeExpectation {
  readonly nonce: string;
  /** Texts that only the broker's environment has. */
  readonly markers: readonly string[];
}

/** Whether a tree that is an overlay took all that was done to it. */
export const showsOverlay = (output: string): boolean => output.split('\n').includes('overlay works');

/** Why a sandbox must not be used, from what the script said and how it ended; empty when it holds. */
export function judgeProbe(output: string, exitCode: number | null, expected: ProbeExpectation): readonly string[] {
  const lines = output.split('\n');
  const { nonce, markers } = expected;
  // A program that does nothing and succeeds is no sandbox.
  if (lines[0] !== `nonce ${nonce}` || !lines.includes(`end ${nonce}`)) {
    const said = output.trim().split('\n', 1)[0] ?? '';
    return [
      `a command in it did not run (exit code ${exitCode ?? 'none'}${said === '' ? '' : `: ${said.slice(0, 200)}`})`,
    ];
  }
  const said = lines.filter((line) => /^(escaped|broken): /.test(line)).map((line) => line.replace(/^\w+: /, ''));
  const environments = lines.filter((line) => line.startsWith('environment ')).join('\n');
  const seen = markers.some((marker) => environments.includes(marker));
  return seen ? [...said, 'sees the environment of the machine'] : said;
}
