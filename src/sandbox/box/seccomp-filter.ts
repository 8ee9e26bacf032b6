// The filter of system calls that a command runs under, as a program of classic BPF (seccomp(2)): what no build or test needs
// and kernel faults live in. It refuses with EPERM, so that programs go on without; clone3 with ENOSYS, so that the C library
// falls back to clone, whose flags can be looked at.

/** Numbers of the calls: x86_64 from arch/x86/entry/syscalls/syscall_64.tbl, aarch64 from include/uapi/asm-generic/unistd.h. */
const calls = {
  x64: {
    audit: 0xc000003e,
    clone: 56,
    clone3: 435,
    unshare: 272,
    refused: {
      ...{
        ptrace: 101,
        mount: 165,
        umount2: 166,
        pivot_root: 155,
        chroot: 161,
        swapon: 167,
        swapoff: 168,
        reboot: 169,
      },
      ...{ sethostname: 170, init_module: 175, delete_module: 176, kexec_load: 246, add_key: 248, request_key: 249 },
      ...{ keyctl: 250, perf_event_open: 298, setns: 308, process_vm_readv: 310, process_vm_writev: 311 },
      ...{ finit_module: 313, kexec_file_load: 320, bpf: 321, userfaultfd: 323, io_uring_setup: 425 },
      ...{ io_uring_enter: 426, io_uring_register: 427, open_tree: 428, move_mount: 429, fsopen: 430, fsmount: 432 },
      ...{ pidfd_getfd: 438, mount_setattr: 442, open_by_handle_at: 304 },
    },
  },
  arm64: {
    audit: 0xc00000b7,
    clone: 220,
    clone3: 435,
    unshare: 97,
    refused: {
      ...{ ptrace: 117, mount: 40, umount2: 39, pivot_root: 41, chroot: 51, swapon: 224, swapoff: 225, reboot: 142 },
      ...{ sethostname: 161, init_module: 105, delete_module: 106, kexec_load: 104, add_key: 217, request_key: 218 },
      ...{ keyctl: 219, perf_event_open: 241, setns: 268, process_vm_readv: 270, process_vm_writev: 271 },
      ...{ finit_module: 273, kexec_file_load: 294, bpf: 280, userfaultfd: 282, io_uring_setup: 425 },
      ...{ io_uring_enter: 426, io_uring_register: 427, open_tree: 428, move_mount: 429, fsopen: 430, fsmount: 432 },
      ...{ pidfd_getfd: 438, mount_setattr: 442, open_by_handle_at: 265 },
    },
  },
} as const;

/** linux/bpf_common.h and linux/seccomp.h. */
const load = 0x20;
const jumpIfEqual = 0x15;
const jumpIfAnyBit = 0x45;
const jumpIfAtLeast = 0x35;
const give = 0x06;
const allow = 0x7fff0000;
const refuse = 0x00050000;
const [eperm, enosys] = [1, 38];
/** Offsets in struct seccomp_data: the number, the architecture, the low half of the first argument. */
const [atNumber, atArchitecture, atFirstArgument] = [0, 4, 16];
/** CLONE_NEWNS, _NEWCGROUP, _NEWUTS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET (linux/sched.h). */
const namespaceFlags = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000;
/** Calls of the x32 ABI carry this bit, and would pass a filter by number. */
const x32Bit = 0x40000000;

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number];

/** The program as bytes, eight for each instruction; null for a processor that we have no numbers for. */
export function seccompFilter(architecture: string): Buffer | null {
  const numbers = architecture === 'x64' || architecture === 'arm64' ? calls[architecture] : null;
  if (numbers === null) return null;
  const { audit, clone, clone3, unshare, refused } = numbers;
  const whenCalled = (number: number, then: readonly Instruction[]): readonly Instruction[] => [
    [jumpIfEqual, 0, then.length, number],
    ...then,
  ];
  const byFlags: readonly Instruction[] = [
    [load, 0, 0, atFirstArgument],
    [jumpIfAnyBit, 0, 1, namespaceFlags],
    [give, 0, 0, refuse | eperm],
    [give, 0, 0, allow],
  ];
  const program: readonly Instruction[] = [
    [load, 0, 0, atArchitecture],
    [jumpIfEqual, 1, 0, audit],
    [give, 0, 0, refuse | eperm],
    [load, 0, 0, atNumber],
    [jumpIfAtLeast, 0, 1, x32Bit],
    [give, 0, 0, refuse | enosys],
    ...Object.values(refused).flatMap((number) => whenCalled(number, [[give, 0, 0, refuse | eperm]])),
    ...whenCalled(clone3, [[give, 0, 0, refuse | enosys]]),
    ...whenCalled(unshare, byFlags),
    ...whenCalled(clone, byFlags),
    [give, 0, 0, allow],
  ];
  return encode(program);
}

function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, ifTrue, ifFalse, operand], i) => {
    bytes.writeUInt16LE(code, i * 8);
    bytes.writeUInt8(ifTrue, i * 8 + 2);
    bytes.writeUInt8(ifFalse, i * 8 + 3);
    bytes.writeUInt32LE(operand >>> 0, i * 8 + 4);
  });
  return bytes;
}
