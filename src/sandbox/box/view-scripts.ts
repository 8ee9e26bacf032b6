// The shell scripts that build what the inside of a sandbox sees, for sh and util-linux. They get everything as arguments;
// nothing is spliced into their text.

/**
 * Carries out instructions below the folder `$new`, until `--`:
 * `dir AT` · `link TO AT` · `show FROM AT OPTIONS` (only to read) · `bind FROM AT` (to write) · `device NAME` ·
 * `fresh AT OPTIONS` (an empty file system in memory) · `overlay OPTIONS AT`
 */
const carryOut = `
place() { if [ -d "$1" ]; then mkdir -p "$new$2"; else mkdir -p "$new\${2%/*}"; [ -e "$new$2" ] || : >"$new$2"; fi; }
while [ "$1" != -- ]; do
  case $1 in
    dir) mkdir -p "$new$2"; shift 2 ;;
    link) ln -s "$2" "$new$3"; shift 3 ;;
    show) place "$2" "$3"; mount -o "bind,ro,nosuid,nodev$4" "$2" "$new$3"; shift 4 ;;
    bind) place "$2" "$3"; mount -o bind,nosuid,nodev "$2" "$new$3"; shift 3 ;;
    device) : >"$new/dev/$2"; mount -o bind "/dev/$2" "$new/dev/$2"; shift 2 ;;
    fresh) mkdir -p "$new$2"; mount -t tmpfs -o "nosuid,nodev$3" ai-implement "$new$2"; shift 3 ;;
    overlay) mount -t overlay -o "$2" ai-implement "$new$3"; shift 3 ;;
    *) echo "no instruction: $1" >&2; exit 2 ;;
  esac
done
shift
`;

/** Says that all is there, and stays until the other end of its input is gone. */
const stay = `
echo ready
read -r _ || :
`;

/** Arguments: the folder to build in, then instructions. What it mounts is seen in its own mount namespace only. */
export const runViewScript = `set -e
umask 022
new=$1; shift
mount -t tmpfs -o mode=755,nosuid,nodev,size=8m ai-implement "$new"
${carryOut}
mount --rbind /proc "$new/proc"
mount -o remount,bind,ro,nosuid "$new/dev"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0600 ai-implement "$new/dev/pts" 2>/dev/null || :
${stay}`;

/** Raises the loopback device of a network namespace, where \`ip\` is not installed: SIOCSIFFLAGS with IFF_UP | IFF_RUNNING. */
const raiseByPerl = 'socket(S,2,1,0);ioctl(S,0x8914,pack(q(a16sx22),q(lo),0x41)) or exit 1';

/**
 * Arguments: the folder of the run's view, then instructions for the tree's own part. Makes that folder the root, with
 * nothing else of the machine left.
 */
export const treeViewScript = `set -e
umask 022
new=$1; shift
${carryOut}
ip link set lo up 2>/dev/null || perl -e '${raiseByPerl}' 2>/dev/null || echo 'no loopback' >&2
{ echo sandbox >/proc/sys/kernel/hostname; } 2>/dev/null || :
mount -o remount,bind,ro,nosuid,nodev "$new"
cd "$new"
pivot_root . .machine
umount -l .machine
cd /
${stay}`;

/**
 * First process of a command's own process namespace, where there is no perl: $1 is the directory, the rest the command. It
 * raises the loopback device of a network of its own, and reaps what is orphaned.
 */
export const firstProcessScript = 'ip link set lo up 2>/dev/null; cd "$1" || exit 126; shift; "$@"; exit $?';
