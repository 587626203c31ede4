// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

const provisioner = "hackystack-test/hostpath"

// hostPath makes one folder per claim; the folder is mounted into this pod at its own path.
type hostPath struct{ root string }

func (h hostPath) Provision(_ context.Context, o controller.ProvisionOptions) (*corev1.PersistentVolume, controller.ProvisioningState, error) {
	if o.PVC.Spec.Selector != nil {
		return nil, controller.ProvisioningFinished, fmt.Errorf("claim selectors are not supported")
	}
	for _, m := range o.PVC.Spec.AccessModes {
		if m != corev1.ReadWriteOnce && m != corev1.ReadWriteOncePod {
			return nil, controller.ProvisioningFinished, fmt.Errorf("access mode %s is not supported", m)
		}
	}
	dir := filepath.Join(h.root, o.PVName)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	if err := os.Chmod(dir, 0o777); err != nil { // pods run as any user
		return nil, controller.ProvisioningFinished, err
	}
	kind := corev1.HostPathDirectory
	return &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: o.PVName},
		Spec: corev1.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *o.StorageClass.ReclaimPolicy,
			AccessModes:                   o.PVC.Spec.AccessModes,
			MountOptions:                  o.StorageClass.MountOptions,
			Capacity:                      corev1.ResourceList{corev1.ResourceStorage: o.PVC.Spec.Resources.Requests[corev1.ResourceStorage]},
			PersistentVolumeSource:        corev1.PersistentVolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: dir, Type: &kind}},
		},
	}, controller.ProvisioningFinished, nil
}

func (h hostPath) Delete(_ context.Context, pv *corev1.PersistentVolume) error {
	hp := pv.Spec.HostPath
	if hp == nil || filepath.Dir(hp.Path) != filepath.Clean(h.root) || !strings.HasPrefix(filepath.Base(hp.Path), "pvc-") {
		return fmt.Errorf("volume %s is not a folder of this provisioner", pv.Name)
	}
	return os.RemoveAll(hp.Path)
}

func provision(ctx context.Context, cs kubernetes.Interface, root string) {
	controller.NewProvisionController(ctx, cs, provisioner, hostPath{root}, controller.LeaderElection(false)).Run(ctx)
	log.Print("provisioner stopped")
}
